import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.js'
import { Tables } from './tables.js'

export interface LatchkeyDataProps {
  /** Customer-managed key for tables and secrets. @default - keys that AWS manages in this account */
  readonly encryptionKey?: IKey
}

/** What must survive: the tables and the secrets. */
export class LatchkeyData extends Construct {
  readonly tables: Tables
  /** The key ring. It begins as random letters; the real one is made by code when the service is deployed. */
  readonly keyRing: Secret
  /** Secrets of the identity providers, as `OAUTH_PROVIDERS` has them; filled in by hand. */
  readonly providers: Secret

  constructor(scope: Construct, id: string, { encryptionKey }: LatchkeyDataProps = {}) {
    super(scope, id)
    const encryption = encryptionKey ? { encryptionKey } : {}
    this.tables = new Tables(this, 'Tables', encryption)
    this.keyRing = this.#secret('KeyRing', 'Signing and refresh keys of Latchkey', encryption)
    this.providers = this.#secret('Providers', 'Identity providers of Latchkey', encryption)
    acknowledge(this.keyRing, {
      'AwsSolutions-SMG4':
        'A function of the service rotates it every day it is due, and keeps published keys.',
    })
    acknowledge(this.providers, {
      'AwsSolutions-SMG4': 'What is in it was given by identity providers, who rotate it by hand.',
    })
  }

  #secret(id: string, description: string, encryption: object): Secret {
    return new Secret(this, id, {
      description,
      removalPolicy: RemovalPolicy.RETAIN,
      // Nothing that could be taken for JSON.
      generateSecretString: { passwordLength: 32, excludePunctuation: true },
      ...encryption,
    })
  }
}

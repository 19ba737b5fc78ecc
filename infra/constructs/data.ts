import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { EnvironmentName } from '../../src/config/environment-names.js'
import { acknowledge } from './acknowledge.js'
import { Tables } from './tables.js'

export interface LatchkeyDataProps {
  /** Customer-managed key for tables and secrets. @default - keys that AWS manages in this account */
  readonly encryptionKey?: IKey
}

/** The app reads the first three; the rotation of keys reads and writes all. */
export interface KeySecrets {
  readonly keyRing: Secret
  readonly ticketKeys: Secret
  readonly dataKeys: Secret
  /** The private half of the key that replaces a compromised one. */
  readonly spareKey: Secret
}

/** What must survive: the tables and the secrets. */
export class LatchkeyData extends Construct {
  readonly tables: Tables
  /**
   * The keys, a secret for each kind. They begin as random letters; code makes the real ones when the service
   * is deployed.
   */
  readonly keys: KeySecrets
  /** Secrets of the identity providers, as `OAUTH_PROVIDERS` has them; filled in by hand. */
  readonly providers: Secret

  constructor(scope: Construct, id: string, { encryptionKey }: LatchkeyDataProps = {}) {
    super(scope, id)
    const encryption = encryptionKey ? { encryptionKey } : {}
    this.tables = new Tables(this, 'Tables', encryption)
    this.keys = {
      keyRing: this.#secret('KeyRing', 'Signing and refresh keys of Latchkey', encryption),
      ticketKeys: this.#secret('TicketKeys', 'Keys of what Latchkey mails', encryption),
      dataKeys: this.#secret('DataKeys', 'Keys of what Latchkey keeps sealed', encryption),
      spareKey: this.#secret('SpareKey', 'Spare signing key of Latchkey', encryption),
    }
    this.providers = this.#secret('Providers', 'Identity providers of Latchkey', encryption)
    for (const secret of Object.values(this.keys) as Secret[]) {
      acknowledge(secret, {
        'AwsSolutions-SMG4':
          'A function of the service renews it when it is due, and keeps the keys that are in use.',
      })
    }
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

/** The variables that name the secrets of the app's keys. */
export const keyVariables = ({ keyRing, ticketKeys, dataKeys }: KeySecrets) =>
  ({
    KEY_RING_SECRET: keyRing.secretArn,
    TICKET_KEYS_SECRET: ticketKeys.secretArn,
    DATA_KEYS_SECRET: dataKeys.secretArn,
  }) satisfies Partial<Record<EnvironmentName, string>>

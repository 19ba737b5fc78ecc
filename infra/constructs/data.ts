import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { EnvironmentName } from '../../src/config/environment-names.js'
import type { TableSettings } from '../settings/latchkey-settings.js'
import { acknowledge } from './acknowledge.js'
import { refuse } from '../settings/settings-error.js'
import { Tables } from './tables.js'

export interface LatchkeyDataProps {
  /** Customer-managed key for tables and secrets. @default - keys that AWS manages in this account */
  readonly encryptionKey?: IKey
  /** Tables that are there already, such as restored ones. @default - all are made */
  readonly tables?: TableSettings | undefined
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

  constructor(scope: Construct, id: string, { encryptionKey, tables }: LatchkeyDataProps = {}) {
    super(scope, id)
    if (encryptionKey) checkRegion(encryptionKey, Stack.of(this))
    const encryption = encryptionKey ? { encryptionKey } : {}
    this.tables = new Tables(this, 'Tables', { ...encryption, ...(tables && { existing: tables }) })
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
      // A deployment that fails leaves none: they hold nothing before the first one succeeds.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      // Nothing that could be taken for JSON.
      generateSecretString: { passwordLength: 32, excludePunctuation: true },
      ...encryption,
    })
  }
}

/** @throws {SettingsError} for a key that the tables can't be encrypted with. */
function checkRegion(key: IKey, { region }: Stack): void {
  if (Token.isUnresolved(region)) {
    refuse(
      'encryptionKey',
      'can only be used in a stack of a known region: give the stack env, such as { account: "123456789012", region: "eu-west-1" }',
    )
  }
  if (Token.isUnresolved(key.env.region) || key.env.region === region) return
  refuse('encryptionKey', `must be a key in ${region}, the region of the stack`)
}

/** The variables that name the secrets of the app's keys. */
export const keyVariables = ({ keyRing, ticketKeys, dataKeys }: KeySecrets) =>
  ({
    KEY_RING_SECRET: keyRing.secretArn,
    TICKET_KEYS_SECRET: ticketKeys.secretArn,
    DATA_KEYS_SECRET: dataKeys.secretArn,
  }) satisfies Partial<Record<EnvironmentName, string>>

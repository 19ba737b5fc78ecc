import { resolve } from 'node:path'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { dataKeyStore, rotationStores } from '../aws/key-secrets.js'
import { Secrets } from '../aws/secrets.js'
import { systemClock } from '../lib/clock.js'
import { loadLocalConfig } from '../config/local.js'
import { loadDataKeysSecret, loadRotationConfig } from '../config/rotation.js'
import { loadConfig } from '../config/service.js'
import { Database } from '../dynamodb/database.js'
import { scanPages } from '../dynamodb/scan.js'
import { HAS_SEALED, resealAll } from '../factors/resealing.js'
import { SealedSecrets } from '../factors/sealed-secret.js'
import { FactorsStore } from '../factors/store.js'
import { KeyMaintenance } from '../keyring/maintenance.js'
import { SecretKeyRing } from '../keyring/secret-ring.js'
import type { SecretKeys } from '../keyring/secret-keys.js'
import type { RingStore, RotationStores } from '../keyring/store.js'
import { hasDatabase, openDataDir } from '../local/data-dir.js'
import { fileStores } from '../local/file-key-ring.js'
import { LocalError } from '../local/local-error.js'
import { silenceVersionWarning } from '../local/runtime.js'
import { ACCESS_TOKEN_SECONDS } from '../access-tokens/claims.js'
import { Problem } from '../http/problem.js'
import { systemRandom } from '../lib/random.js'

/** `admin keys replace-now`: takes a compromised signing key out of the local service, or of a deployed one. */
export async function replaceKeysNow({ aws = false }: { aws?: boolean }): Promise<void> {
  const keys = maintenance(aws)
  try {
    const kid = await keys.replaceNow()
    console.log(`Key ${kid} signs now. Sessions, machine tokens and mailed links have ended.`)
  } catch (error) {
    const cause = error instanceof Problem ? error.cause : error
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new LocalError(`The keys were not replaced: ${reason}`)
  }
  console.log(aws ? remoteBounds(process.env.ISSUER) : LOCAL_BOUNDS)
}

/** Replaces the keys of sessions and mailed links, for `admin after-restore`. */
export async function replaceSessionKeys({ aws }: { readonly aws: boolean }): Promise<void> {
  await maintenance(aws).replaceSessionKeys()
}

function maintenance(aws: boolean): KeyMaintenance {
  const { absoluteMs } = loadConfig(process.env, { ISSUER: 'http://localhost' }).sessions
  return new KeyMaintenance({
    stores: aws ? remoteStores() : localStores(),
    lifetimes: { accessMs: ACCESS_TOKEN_SECONDS * 1000, refreshMs: absoluteMs },
    clock: systemClock,
    random: systemRandom,
  })
}

/** The keys of what the service keeps sealed. */
export function dataKeys({ aws }: { readonly aws: boolean }): SecretKeyRing {
  const store = aws ? remoteDataKeys() : localStores().dataKeys
  return new SecretKeyRing({
    ...{ store, lifetimeMs: Infinity },
    ...{ clock: systemClock, random: systemRandom },
  })
}

/**
 * `admin keys reseal`: seals secrets again that older data keys have sealed, so that only the newest is needed.
 * @param client of the tables.
 */
export async function resealSecrets(
  client: DynamoDBClient,
  table: string,
  { aws = false }: { aws?: boolean },
): Promise<void> {
  const secrets = new SealedSecrets(dataKeys({ aws }), systemRandom)
  const pages = scanPages(client, { TableName: table, ...HAS_SEALED })
  const { resealed, damaged } = await resealAll(
    { store: new FactorsStore(new Database(client), table), secrets },
    pages,
    ({ looked, resealed }) =>
      console.log(`${looked} items looked at, ${resealed} secrets sealed again`),
  )
  if (damaged.length > 0) {
    throw new LocalError(
      `${resealed} secrets are sealed again. No data key opens those of these users, who need another second factor: ${damaged.join(', ')}`,
    )
  }
  console.log(`${resealed} secrets are sealed again. All are under the newest data key.`)
}

const LOCAL_BOUNDS =
  'A service that runs reads its keys within five minutes; restart it to end the old key at once.'

/** @param issuer as the authorizers have it; undefined where the environment does not say. */
const remoteBounds = (
  issuer = '<issuer>',
) => `Instances of the service, latchkey/jwt and Latchkey's authorizers drop the old key within ten minutes.
JWT authorizers of API Gateway may accept it for up to two hours. To end that at once, find them, and replace each:
  for api in $(aws apigatewayv2 get-apis --query 'Items[].ApiId' --output text); do
    aws apigatewayv2 get-authorizers --api-id "$api" --output text \\
      --query "Items[?JwtConfiguration.Issuer=='${issuer}'].['$api', AuthorizerId, Name]"
  done
  aws apigatewayv2 create-authorizer --api-id <api> ... && aws apigatewayv2 update-route ...
The rest of the steps: docs/runbook.md, "A signing key is compromised".`

function localStores(): RotationStores {
  const { dataDir } = loadLocalConfig(process.env)
  if (!hasDatabase(dataDir)) {
    throw new LocalError(
      `There is no data of Latchkey in ${resolve(dataDir)}. Set DATA_DIR to the folder that the service uses.`,
    )
  }
  return fileStores(openDataDir(dataDir).keyRing)
}

/** Of the secrets of a deployed service, the role of operations reads this one. */
function remoteDataKeys(): RingStore<SecretKeys> {
  silenceVersionWarning()
  return dataKeyStore(new Secrets(), loadDataKeysSecret(process.env))
}

function remoteStores(): RotationStores {
  silenceVersionWarning()
  return rotationStores(new Secrets(), loadRotationConfig(process.env).keySecrets)
}

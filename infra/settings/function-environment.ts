import { CfnResource, Reference, Token, Tokenization } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import { Resources } from '../../src/access-tokens/resources.js'
import { loadAuthorizerConfig } from '../../src/config/authorizer.js'
import { ConfigError } from '../../src/config/environment.js'
import { loadLambdaConfig } from '../../src/config/lambda.js'
import { loadRotationConfig } from '../../src/config/rotation.js'
import { loadEventWorkerConfig, sendsEvents } from '../../src/config/event-worker.js'
import { loadConfig } from '../../src/config/service.js'
import { loadWorkerConfig } from '../../src/config/worker.js'
import { ClientFault, declaredClients } from '../../src/oauth/clients/declared.js'
import type { FunctionName } from '../constructs/function-folder.js'
import { refuse, SettingsError } from './settings-error.js'

type Variables = Readonly<Record<string, string>>

/** What each function does with its environment before it answers anything. */
const LOADERS: Readonly<Record<FunctionName, (environment: Variables) => unknown>> = {
  app: loadApp,
  authorizer: loadAuthorizerConfig,
  'rotate-keys': loadRotationConfig,
  worker: (environment) =>
    sendsEvents(environment) ? loadEventWorkerConfig(environment) : loadWorkerConfig(environment),
}

/** Lambda's, for names and values together: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = 4096
/** Of values that are known at deployment, where nothing else is known of them. */
const LENGTH_OF_TOKEN = 128
/** What CloudFormation adds to the names of a stack and a resource in one that it makes, and ARNs to that. */
const LENGTH_OF_SUFFIX = 16
const LENGTH_OF_ARN = 76

/** Settings by the variables that they become. */
const SETTINGS: Variables = {
  ISSUER: 'customDomain.name',
  AUDIENCE: 'audience',
  RESOURCES: 'resources',
  CLIENTS: 'clients',
  CORS_ORIGINS: 'corsOrigins',
  LOG_LEVEL: 'logLevel',
  MAIL_FROM: 'mail.from',
  EVENT_BUS_ARN: 'events.busArn',
  PASSKEYS: 'passkeys',
}

/**
 * A function can start with what it will get: its own loader reads it, with examples in the places of what is known
 * only at deployment, and Lambda takes as much.
 * @throws {SettingsError} for the first variable that its loader refuses.
 */
export function checkFunctionEnvironment(
  scope: IConstruct,
  bundle: FunctionName,
  environment: Variables,
): void {
  try {
    LOADERS[bundle](withExamples(environment))
  } catch (error) {
    if (error instanceof ConfigError) throw new SettingsError(inSettings(error.message))
    throw error
  }
  checkSize(scope, environment)
}

function loadApp(environment: Variables): void {
  loadLambdaConfig(environment)
  const { clients, issuer, resources } = loadConfig(environment)
  try {
    declaredClients(clients, { issuer, resources: new Resources(resources) })
  } catch (error) {
    if (error instanceof ClientFault) throw new ConfigError(`CLIENTS${error.message}.`)
    throw error
  }
}

/** Names that no service has (RFC 6761 §6.4). */
const EXAMPLES: Variables = {
  ISSUER: 'https://issuer.invalid',
  MAIL_FROM: 'auth@issuer.invalid',
  EVENT_BUS_ARN: 'example',
}
/** Of which an example could contradict what is known. */
const DECLARED = ['RESOURCES', 'CLIENTS', 'RESOURCE']

function withExamples(environment: Variables): Variables {
  const entries = Object.entries(environment).flatMap(([name, value]) => {
    if (!Token.isUnresolved(value)) return [[name, value]]
    if (/_(SECRET|TABLE|URL)$/.test(name)) return [[name, 'example']]
    return EXAMPLES[name] === undefined ? [] : [[name, EXAMPLES[name]]]
  })
  const known = Object.fromEntries(entries) as Record<string, string>
  if (DECLARED.some((name) => name in environment && !(name in known))) {
    for (const name of DECLARED) Reflect.deleteProperty(known, name)
  }
  return known
}

/** The first sentence, which begins with a variable, of the setting that the variable is of. */
function inSettings(message: string): string {
  const [sentence = ''] = message.split('\n')
  return sentence
    .replace(/^[A-Z][A-Z0-9_]*/, (name) => SETTINGS[name] ?? `environment.${name}`)
    .replaceAll('RESOURCES', '`resources`')
    .replaceAll('MAIL_FROM', '`mail.from`')
}

/** Lambda measures them as JSON. */
function checkSize(scope: IConstruct, environment: Variables): void {
  const sizes = Object.entries(environment).map(([name, value]) => {
    const length = Token.isUnresolved(value) ? lengthOfToken(value) : 0
    const known = Token.isUnresolved(value) ? '' : value
    return { name, bytes: Buffer.byteLength(JSON.stringify({ [name]: known })) + length }
  })
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  if (all <= MOST_BYTES) return
  const [largest = { name: '', bytes: 0 }] = sizes.sort((one, other) => other.bytes - one.bytes)
  const setting = SETTINGS[largest.name] ?? `environment.${largest.name}`
  refuse(
    setting,
    `takes ${largest.bytes} of the ${MOST_BYTES} bytes that Lambda has for all variables of a function, which are ${all} for ${scope.node.path}: ${remedyOf(setting)}`,
  )
}

const remedyOf = (setting: string): string =>
  setting === 'clients' ? 'let administrators register most apps' : 'shorten it'

const TOKENS = /\$\{Token\[[^\]]*\]\}/g

/** Not less than what is there after the deployment. */
const lengthOfToken = (value: string): number =>
  Tokenization.reverseString(value).tokens.reduce<number>(
    (sum, token) => sum + mostOf(token),
    value.replaceAll(TOKENS, '').length,
  )

function mostOf(token: unknown): number {
  if (!Reference.isReference(token) || !CfnResource.isCfnResource(token.target)) {
    return LENGTH_OF_TOKEN
  }
  const { stack, logicalId } = token.target
  const stackName = Token.isUnresolved(stack.stackName) ? LENGTH_OF_TOKEN : stack.stackName.length
  const name = stackName + String(stack.resolve(logicalId)).length + LENGTH_OF_SUFFIX
  return token.displayName === 'Ref' ? name : LENGTH_OF_ARN + name
}

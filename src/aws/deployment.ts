import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation'
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { ENVIRONMENT_NAMES } from '../config/environment-names.js'

/** Variables of functions, by their names. */
export type Variables = Readonly<Record<string, string>>

/** Where AWS is, and as whom. @default - the usual chain of the SDK */
type Access = Pick<CloudFormationClientConfig, 'endpoint' | 'region' | 'credentials'>

/** Why a deployment can't be found. The message says what to do. */
class DeploymentError extends Error {
  override readonly name = 'DeploymentError'
}

/** Of the tables, only the app knows this one. */
const OF_APP = 'REFRESH_TOKENS_TABLE'
/** Variables that one other function knows: the rotation, or what sends events. */
const OF_OTHERS = ['SPARE_KEY_SECRET', 'EVENT_QUEUE_URL']

/**
 * The names of the tables and secrets of a deployed service, and its settings, as its functions have them.
 * @param stack name or ARN of the stack that the functions are in.
 * @throws {DeploymentError}
 */
export async function readDeployment(stack: string, config: Access = {}): Promise<Variables> {
  const functions = await explained(stack, () => variablesOfFunctions(stack, config))
  const apps = functions.filter((variables) => variables[OF_APP] !== undefined)
  const [app] = apps
  if (app === undefined) {
    throw new DeploymentError(
      `The stack ${stack} has no function of Latchkey that this role may read. Give the stack of the service by --stack, and allow lambda:GetFunctionConfiguration.`,
    )
  }
  if (apps.length > 1) {
    throw new DeploymentError(
      `The stack ${stack} has ${apps.length} services. Set the variables of one of its functions (${OF_APP} and so on) instead of --stack.`,
    )
  }
  const others = OF_OTHERS.flatMap((name) => {
    const value = functions.find((variables) => variables[name] !== undefined)?.[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...app, ...Object.fromEntries(others) }
}

/** Of each function of a stack, what Latchkey reads. */
async function variablesOfFunctions(stack: string, config: Access): Promise<Variables[]> {
  const cloudFormation = new CloudFormationClient(config)
  const lambda = new LambdaClient(config)
  const names: string[] = []
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client: cloudFormation },
    { StackName: stack },
  )) {
    for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries) {
      if (ResourceType === 'AWS::Lambda::Function' && PhysicalResourceId !== undefined) {
        names.push(PhysicalResourceId)
      }
    }
  }
  const found: Variables[] = []
  // One after the other: Lambda takes few of these calls in a second.
  for (const FunctionName of names) {
    const asked = lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
    // Of a stack with other functions beside it, the role may see the service's alone.
    const { Environment } = await asked.catch(orNothingIfDenied)
    found.push(known(Environment?.Variables ?? {}))
  }
  return found
}

function orNothingIfDenied(error: unknown): { Environment?: undefined } {
  if (isDenied(error as Error)) return {}
  throw error
}

const isDenied = ({ name }: Error): boolean => /AccessDenied|NotAuthorized/.test(name)

const known = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(variables).filter(([name]) =>
      (ENVIRONMENT_NAMES as readonly string[]).includes(name),
    ),
  )

async function explained<T>(stack: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw new DeploymentError(reasonOf(error as Error, stack))
  }
}

function reasonOf(error: Error, stack: string): string {
  const { name, message } = error
  if (/^Region (is missing|not accepted)/.test(message)) {
    return 'Set AWS_REGION to the region of the stack, such as eu-central-1.'
  }
  if (name === 'CredentialsProviderError') {
    return `There are no AWS credentials: set AWS_PROFILE, or sign in. (${message})`
  }
  if (name === 'ValidationError' && message.includes('does not exist')) {
    return `There is no stack ${stack} in this account and region. Give its name by --stack, and the region by AWS_REGION.`
  }
  if (isDenied(error)) {
    return `The role may not look the stack ${stack} up: allow it cloudformation:ListStackResources and lambda:GetFunctionConfiguration, or set the variables of the app's function. (${message})`
  }
  return `The stack ${stack} can't be read: ${name}: ${message}`
}

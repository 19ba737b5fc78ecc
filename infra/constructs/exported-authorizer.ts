import { Fn } from 'aws-cdk-lib'
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'

/** The output of a stack for an authorizer of the setting `apiKeyAuthorizers`. */
export const outputOf = (name: string): string =>
  `ApiKeyAuthorizer${name.charAt(0).toUpperCase()}${name.slice(1)}`

/** What the account and region call the output. */
export const exportOf = (stackName: string, name: string): string =>
  `${stackName}-${outputOf(name)}`

/** Its ARN, in any stack of the account and region. */
export const importedArn = (stackName: string, name: string): string =>
  Fn.importValue(exportOf(stackName, name))

/** A function by its ARN, made once in a scope. API Gateway's permission to call it is in the stack of the scope then. */
export function functionOf(scope: Construct, id: string, functionArn: string): IFunction {
  const there = scope.node.tryFindChild(id) as IFunction | undefined
  return (
    there ??
    LambdaFunction.fromFunctionAttributes(scope, id, { functionArn, sameEnvironment: true })
  )
}

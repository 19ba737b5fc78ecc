import { Duration } from 'aws-cdk-lib'
import { type HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import {
  type DescribedResource,
  resourceMetadata,
  resourceMetadataPath,
} from '../../src/access-tokens/resource-metadata.js'
import { acknowledge } from './acknowledge.js'
import { Logs, type LogsProps } from './logs.js'

export interface ResourceMetadataProps extends DescribedResource {
  /** The API that the document is for. */
  readonly api: HttpApi
  readonly logs: LogsProps
}

/** It holds the document, reads nothing and calls no one: an HTTP API has no integration that answers by itself. */
const ANSWER = `exports.handler = async () => ({
  statusCode: 200,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'public, max-age=300',
    'access-control-allow-origin': '*',
  },
  body: process.env.DOCUMENT,
})
`

/** The document by which an API says that its tokens come from Latchkey (RFC 9728), on a route that is open to all. */
export class ResourceMetadata extends Construct {
  constructor(scope: Construct, id: string, props: ResourceMetadataProps) {
    super(scope, id)
    const { api, logs, ...described } = props
    const handler = new LambdaFunction(this, 'Function', {
      description: `Latchkey: says who gives out tokens for ${described.resource}`.slice(0, 256),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromInline(ANSWER),
      handler: 'index.handler',
      memorySize: 128,
      timeout: Duration.seconds(3),
      environment: { DOCUMENT: JSON.stringify(resourceMetadata(described)) },
      loggingFormat: LoggingFormat.JSON,
      logGroup: new Logs(this, 'Log', logs),
    })
    acknowledge(handler, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
        'Writing its own logs is all that this policy of AWS allows.',
      'Serverless-LambdaTracing': 'It calls nothing that a trace could show.',
      'Serverless-LambdaDLQ': 'API Gateway waits for its answer: nothing is queued.',
    })
    api.addRoutes({
      path: resourceMetadataPath(described.resource),
      methods: [HttpMethod.GET],
      integration: new HttpLambdaIntegration('Document', handler),
      authorizer: new HttpNoneAuthorizer(),
    })
  }
}

import type {
  HttpAuthorizer,
  HttpRouteAuthorizerBindOptions,
  HttpRouteAuthorizerConfig,
  IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2'
import type {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type { IConstruct, IDependable } from 'constructs'

export interface RouteAuthorizerProps {
  /** Of the authorizer in each API; the same for all that are alike, and for no others. */
  readonly id: string
  /** Makes CDK's own for one API. It must take the id. */
  readonly make: (id: string) => HttpJwtAuthorizer | HttpLambdaAuthorizer
  /**
   * What must be there before API Gateway makes the authorizer.
   * @default - nothing
   */
  readonly after?: readonly IDependable[]
  /**
   * What an API that is bound to it is told.
   * @default - nothing
   */
  readonly warn?: (scope: IConstruct) => void
}

/** An authorizer for any number of routes and HTTP APIs. CDK's own stay with the first API that they are bound to. */
export class RouteAuthorizer implements IHttpRouteAuthorizer {
  readonly #props: RouteAuthorizerProps

  constructor(props: RouteAuthorizerProps) {
    this.#props = props
  }

  bind(options: HttpRouteAuthorizerBindOptions): HttpRouteAuthorizerConfig {
    const { id, make, after = [], warn } = this.#props
    const { node } = options.scope
    const authorizer = make(id)
    const there = node.tryFindChild(id) as HttpAuthorizer | undefined
    if (there) {
      const { authorizationType } = authorizer
      return { authorizationType, authorizerId: there.authorizerId }
    }
    const bound = authorizer.bind(options)
    warn?.(options.scope)
    node.findChild(id).node.addDependency(...after)
    return bound
  }
}

import type {
  CfnRoute,
  HttpAuthorizer,
  HttpRouteAuthorizerBindOptions,
  HttpRouteAuthorizerConfig,
  IHttpRoute,
  IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2'
import type {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type { Construct, IConstruct, IDependable } from 'constructs'

export interface RouteAuthorizerProps {
  /** Of the authorizer in each API; the same for all that are alike, and for no others. */
  readonly id: string
  /** Makes CDK's own for one API, in the scope of its routes. It must take the id. */
  readonly make: (id: string, scope: Construct) => HttpJwtAuthorizer | HttpLambdaAuthorizer
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
  /**
   * Why each route has to name scopes, for who forgets them.
   * @default - a route may do without
   */
  readonly scopesReason?: string
}

/** An authorizer for any number of routes and HTTP APIs. CDK's own stay with the first API that they are bound to. */
export class RouteAuthorizer implements IHttpRouteAuthorizer {
  readonly #props: RouteAuthorizerProps

  constructor(props: RouteAuthorizerProps) {
    this.#props = props
  }

  bind(options: HttpRouteAuthorizerBindOptions): HttpRouteAuthorizerConfig {
    const { id, make, after = [], warn, scopesReason } = this.#props
    if (scopesReason !== undefined) requireScopes(options.route, scopesReason)
    const { node } = options.scope
    const authorizer = make(id, options.scope)
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

/** Fails at synth: a route knows its scopes only after its authorizer is bound. */
function requireScopes(route: IHttpRoute, reason: string): void {
  route.node.addValidation({
    validate: () => {
      const { authorizationScopes = [] } = route.node.defaultChild as CfnRoute
      return authorizationScopes.length > 0
        ? []
        : [`Give the route authorizationScopes, such as ['user'] for people: ${reason}`]
    },
  })
}

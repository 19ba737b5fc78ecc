import { type Duration, Lazy, Stack } from 'aws-cdk-lib'
import {
  AuthorizationType,
  Authorizer,
  IdentitySource,
  RequestAuthorizer,
  type IRestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { Construct } from 'constructs'
import { functionOf } from './exported-authorizer.js'

export interface RestAuthorizerProps {
  /** Of the function that judges. */
  readonly functionArn: string
  readonly accepts: 'jwt' | 'api-key'
  readonly cacheTtl: Duration
}

const SOURCES = {
  jwt: [IdentitySource.header('Authorization')],
  // A key may be good from some addresses only, so that what is remembered is for one of them.
  'api-key': [IdentitySource.header('x-api-key'), IdentitySource.context('identity.sourceIp')],
}

/**
 * An authorizer for any number of REST APIs, in stacks of their own too. CDK's own stay with the first API, and their
 * permission would be in the stack of the function: each of the two stacks would need the other first.
 */
export class RestAuthorizer extends Authorizer {
  override readonly authorizationType = AuthorizationType.CUSTOM
  readonly #props: RestAuthorizerProps
  readonly #made = new Map<IRestApi, RequestAuthorizer>()
  /** Ids that methods have asked for. CDK attaches the authorizer to the API of a method right after. */
  #asked: { authorizer?: RequestAuthorizer }[] = []

  constructor(scope: Construct, id: string, props: RestAuthorizerProps) {
    super(scope, id)
    this.#props = props
  }

  get authorizerId(): string {
    const asked: { authorizer?: RequestAuthorizer } = {}
    this.#asked.push(asked)
    return Lazy.string({ produce: () => asked.authorizer?.authorizerId })
  }

  /** CDK calls it for each method. */
  _attachToApi(api: IRestApi): void {
    const authorizer = this.#made.get(api) ?? this.#make(api)
    this.#made.set(api, authorizer)
    for (const asked of this.#asked) asked.authorizer = authorizer
    this.#asked = []
  }

  #make(api: IRestApi): RequestAuthorizer {
    const { functionArn, accepts, cacheTtl } = this.#props
    const scope = Stack.of(api)
    const id = `${this.node.path} ${api.node.path}`.replaceAll('/', '-')
    const authorizer = new RequestAuthorizer(scope, id, {
      // As one from elsewhere, so that the permission is in the stack of the API.
      handler: functionOf(scope, `${id} Function`, functionArn),
      identitySources: SOURCES[accepts],
      resultsCacheTtl: cacheTtl,
    })
    authorizer._attachToApi(api)
    return authorizer
  }
}

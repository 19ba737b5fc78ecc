import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { DEFAULT_RETURN_TO } from '../http/return-to.js'
import type { Late } from '../lib/late.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Identities } from '../users/identities/identities.js'
import type { ProvenProfile } from '../users/identities/identity.js'
import type { AuthorizationResponse, Client } from './client.js'
import type { Entrance, Entry } from './entrance.js'
import { providerError, refusalOf, signInProblem } from './errors.js'
import type { Flow, LinkSession } from './flow.js'
import type { Provider } from './provider.js'
import type { UsedFlows } from './used-flows.js'

export interface ProviderSignInDependencies {
  readonly provider: Provider
  readonly client: Client
  readonly entrance: Entrance
  readonly identities: Late<Identities>
  readonly sessions: Pick<Sessions, 'assertRecent'>
  readonly used: UsedFlows
}

/** Who goes to a provider, or comes back from it. */
export interface Visitor {
  readonly caller: Caller
  /** The session in the visitor's browser, if it has one. @throws {Problem} STORE_UNAVAILABLE. */
  session(): Promise<LiveSession | undefined>
}

/** What comes of a callback. */
export type Outcome =
  | Entry
  /** What the person went for is done: an identity is linked, or their flow has succeeded before. */
  | { readonly what: 'done'; readonly returnTo: string }

interface Wish {
  readonly returnTo: string
  /** Whether the computer is one that others use. */
  readonly isShort?: boolean
  /** Whether an identity is to be linked to the user who is signed in. */
  readonly isLink: boolean
}

/** Signing in, or linking an identity, at one provider: on the way there and on the way back. */
export class ProviderSignIn {
  readonly #dependencies: ProviderSignInDependencies

  constructor(dependencies: ProviderSignInDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * @returns where the browser goes, and the flow that it keeps meanwhile.
   * @throws {Problem} SIGN_IN_REQUIRED, RECENT_SIGN_IN_REQUIRED, PROVIDER_UNAVAILABLE, PROVIDER_ERROR.
   */
  async begin(
    visitor: Visitor,
    { returnTo, isShort, isLink }: Wish,
  ): Promise<{ url: URL; flow: Flow }> {
    const { client, provider } = this.#dependencies
    const link = isLink ? await this.#sessionToLink(visitor) : undefined
    const { url, ...begun } = await client.begin()
    if (link && provider.linkPrompt !== undefined) {
      url.searchParams.set('prompt', provider.linkPrompt)
    }
    const flow = { ...begun, provider: provider.id, returnTo, isShort, ...(link && { link }) }
    return { url, flow }
  }

  /**
   * The provider has sent the browser back.
   * @param flow that this browser has kept; undefined where it has none of this state.
   * @throws {Problem} of the closed list `SIGN_IN_ERRORS`.
   */
  async complete(
    visitor: Visitor,
    flow: Flow | undefined,
    response: AuthorizationResponse,
  ): Promise<Outcome> {
    const { client, entrance, provider, used } = this.#dependencies
    if (flow?.provider !== provider.id) return this.#repeat(visitor, response)
    const code = await this.#codeOf(response)
    // The flow's cookie is gone from its browser, but a copy of it must be good for nothing either.
    if (!(await used.use(flow.state))) return this.#repeat(visitor, response)
    const profile = await client.complete(code, flow)
    if (flow.link) return this.#link(visitor, { ...flow, link: flow.link }, profile)
    const { returnTo, isShort } = flow
    const entry = await entrance.enter(visitor.caller, { profile, returnTo, isShort })
    if (entry.what === 'entered') await used.recordSuccess(flow.state, entry.grant.user.id)
    return entry
  }

  async #codeOf(response: AuthorizationResponse): Promise<string> {
    await this.#dependencies.client.assertIssuer(response)
    const { error, code } = response
    if (error !== undefined) throw refusalOf(error)
    if (code === undefined) throw providerError('code_missing')
    return code
  }

  /** The back button, a callback sent twice: the flow has succeeded, and its user is signed in. */
  async #repeat(visitor: Visitor, { state }: AuthorizationResponse): Promise<Outcome> {
    const session = state === undefined ? undefined : await visitor.session()
    const isTheirs =
      state !== undefined &&
      session &&
      (await this.#dependencies.used.findUser(state)) === session.account.id
    if (!isTheirs) throw signInProblem('SIGN_IN_EXPIRED')
    return { what: 'done', returnTo: DEFAULT_RETURN_TO }
  }

  /** The session that began the link must be the browser's still, and alive. */
  async #link(
    visitor: Visitor,
    { link, state, returnTo }: Flow & { readonly link: LinkSession },
    profile: ProvenProfile,
  ): Promise<Outcome> {
    const { identities, provider, used } = this.#dependencies
    const session = await visitor.session()
    if (session?.sessionId !== link.sessionId) throw signInProblem('SIGN_IN_REQUIRED')
    await identities.link(visitor.caller, session.account, profile)
    const userId = session.account.id
    report(visitor.caller.log, 'identity_linked', { userId, provider: provider.id })
    await used.recordSuccess(state, userId)
    return { what: 'done', returnTo }
  }

  async #sessionToLink(visitor: Visitor): Promise<LinkSession> {
    const session = await visitor.session()
    if (!session) throw signInProblem('SIGN_IN_REQUIRED')
    this.#dependencies.sessions.assertRecent(session)
    return { userId: session.account.id, sessionId: session.sessionId }
  }
}

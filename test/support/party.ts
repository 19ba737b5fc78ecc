import { MINUTE } from './clock.js'
import type { Answer, Service, SignedIn } from './service.js'

/** A client that presents refresh tokens, from one network and with one User-Agent. */
export interface Party {
  readonly ip: string
  readonly agent: string
}

/** What a refresh is answered with: the code of the refusal, or the next token. */
export interface Refreshed {
  readonly status: number
  readonly code: string | undefined
  readonly refreshToken: string
  readonly accessToken: string
  readonly headers: Answer['headers']
}

export const callOf = ({ ip, agent }: Party) => ({
  remoteAddress: ip,
  headers: { 'user-agent': agent },
})

export async function present(
  service: Service,
  party: Party,
  refreshToken: string,
): Promise<Refreshed> {
  const answer = await service.post('/api/auth/refresh', { refreshToken }, callOf(party))
  const { status, headers } = answer
  const { code, ...tokens } = answer.body as SignedIn & { code?: string }
  return { status, code, headers, ...tokens }
}

/**
 * Two clients share a session without a lock: each rotation is followed by the other's attempt with the same
 * token, `apart` milliseconds later.
 * @returns the rotation at which one of them is refused.
 */
export async function race(
  service: Service,
  { refreshToken }: SignedIn,
  [first, second]: readonly [Party, Party],
  { rotations, apart }: { readonly rotations: number; readonly apart: number },
): Promise<number> {
  let held = refreshToken
  for (let rotation = 1; rotation <= rotations; rotation++) {
    const [ahead, behind] = rotation % 3 === 0 ? [second, first] : [first, second]
    const head = await present(service, ahead, held)
    service.clock.advance(apart)
    const follower = await present(service, behind, held)
    if (follower.status !== 200) return rotation
    if (follower.refreshToken !== head.refreshToken) throw new Error('another head')
    held = head.refreshToken
    service.clock.advance(15 * MINUTE)
  }
  return Infinity
}

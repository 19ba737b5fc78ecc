import { type Amr, union } from '../../access-tokens/authentication.js'
import { bearerProblem, TOKEN_INVALID } from '../../access-tokens/errors.js'
import type { Database } from '../../dynamodb/database.js'
import type { Part } from '../../dynamodb/part.js'
import type { Refusals } from '../../dynamodb/refusals.js'
import type { Notices } from '../../email/notices.js'
import { report } from '../../events/report.js'
import type { Trail } from '../../events/trail.js'
import type { Caller } from '../../http/caller.js'
import { Problem } from '../../http/problem.js'
import type { Clock } from '../../lib/clock.js'
import { digest } from '../../lib/digest.js'
import { newId, type Random } from '../../lib/random.js'
import type { LiveSession } from '../../sessions/session.js'
import type { Sessions } from '../../sessions/sessions.js'
import {
  newTicket,
  type TicketKind,
  type TicketRecord,
  type TicketStore,
} from '../../tickets/store.js'
import {
  hasSecondFactor,
  isFactorWanted,
  type Passkey,
  type SecondFactorPolicy,
} from '../../users/factors.js'
import { retryConflicts } from '../../users/retry-conflicts.js'
import type { UsersStore } from '../../users/store.js'
import type { User } from '../../users/user.js'
import { reportAdded } from '../desk.js'
import { CHALLENGE, FACTOR_NOT_FOUND, factorInvalid, LAST_FACTOR } from '../errors.js'
import type { ProvedFactor } from '../proved-factor.js'
import { keptCodes, newRecoveryCodes } from '../recovery-codes.js'
import { ALGORITHMS } from './algorithms.js'
import type { CreatedCredential } from './ceremonies.js'
import { challengeOf } from './client-data.js'
import { defaultName } from './default-name.js'
import { PASSKEY_SUSPENDED, PASSKEYS_OFF, TOO_MANY_PASSKEYS } from './errors.js'
import { listedId, type ListedPasskey, listedPasskey } from './listed.js'
import type { RelyingParty } from './relying-party.js'
import type { Assertion, Attestation, CreationOptions, RequestOptions } from './schemas.js'
import { PasskeysStore } from './store.js'

export interface PasskeysDependencies {
  /** Base URL of the service. */
  readonly issuer: string
  /** Whether people can have passkeys. */
  readonly isOn: boolean
  /** What the service calls itself. */
  readonly name: string
  readonly policy: SecondFactorPolicy
  readonly database: Database
  /** Of users. */
  readonly table: string
  readonly users: Pick<UsersStore, 'findById'>
  readonly sessions: Pick<Sessions, 'steppingUp'>
  readonly tickets: TicketStore
  readonly notices: Notices
  readonly trail: Trail
  readonly refusals: Refusals
  readonly clock: Clock
  readonly random: Random
}

/** A new passkey, as its browser made it. */
export interface NewPasskey {
  readonly attestation: Attestation
  readonly name?: string | undefined
}

/** What writes a new passkey, in the transaction of what it opens, and what its owner is told then. */
export interface PasskeyEnrolment {
  readonly parts: readonly Part[]
  readonly passkey: ListedPasskey
  readonly amr: readonly Amr[]
  /** Where the account has none. */
  readonly recoveryCodes?: string[]
}

/** As many as a person can tell apart; they bound the profile, which every request of a session reads. */
const MAX_PASSKEYS = 20

/** For a person to find the key and to touch it; a page renews its challenge before (WebAuthn §15.1). */
const CHALLENGE_MS = 10 * 60_000

/** WebAuthn §14.6.1: random, so that it names no one. */
const HANDLE_BYTES = 64

/** Passkeys: made, used, listed and removed. Each ceremony wants user verification, so that one is two factors. */
export class Passkeys {
  readonly #dependencies: PasskeysDependencies
  readonly #store: PasskeysStore

  constructor(dependencies: PasskeysDependencies) {
    this.#dependencies = dependencies
    this.#store = new PasskeysStore(dependencies.database, dependencies.table)
  }

  async list({ account }: LiveSession): Promise<ListedPasskey[]> {
    return (account.passkeys ?? []).map(listedPasskey)
  }

  /** The pages for passkeys. @throws {Problem} PASSKEYS_OFF. */
  async endpoints(): Promise<{ readonly enroll: string; readonly manage: string }> {
    const { origin } = this.#relyingParty()
    const page = `${origin}/account/factors#passkeys`
    return { enroll: page, manage: page }
  }

  /**
   * What a browser needs to make a passkey (WebAuthn §5.4).
   * @param bond what the new passkey must come back with: the id of the session, or the ticket of an enrolment.
   * @throws {Problem} PASSKEYS_OFF, TOO_MANY_PASSKEYS.
   */
  async creationOptions(user: User, bond: string): Promise<CreationOptions> {
    const { name, random } = this.#dependencies
    const rp = this.#relyingParty()
    const { id: userId, epoch, email = '', passkeys = [] } = user
    assertRoom(passkeys)
    const handle = user.webauthnId ?? random(HANDLE_BYTES).toString('base64url')
    const detail = { handle, bond: digest(bond) }
    const challenge = await this.#challenge('passkey-creation', { userId, epoch, detail })
    return {
      rp: { id: rp.id, name },
      user: { id: handle, name: email, displayName: user.name ?? email },
      challenge,
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: CHALLENGE_MS,
      excludeCredentials: passkeys.map(({ id, transports = [] }) => ({
        type: 'public-key',
        id,
        transports: [...transports],
      })),
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'none',
    }
  }

  /**
   * Adds a passkey to the account of a session.
   * @throws {Problem} PASSKEYS_OFF, FACTOR_INVALID, PASSKEY_TAKEN, TOO_MANY_PASSKEYS.
   */
  async create(
    caller: Caller,
    session: LiveSession,
    { attestation, name }: NewPasskey,
  ): Promise<Pick<PasskeyEnrolment, 'passkey' | 'recoveryCodes'>> {
    const { account, sessionId, amr, authTime } = session
    const { database, sessions } = this.#dependencies
    const proved = await this.proveCreation(caller, account, { bond: sessionId, attestation })
    const added = await retryConflicts(async () => {
      const enrolment = this.adding(caller, await this.#reread(account), proved, name)
      const { parts, passkey, recoveryCodes } = enrolment
      // To make it was a proof as well: the session has two factors from then on.
      const authentication = { amr: union(amr, enrolment.amr), authTime }
      const stepUp = sessions.steppingUp(session, authentication)
      await database.writeTogether([...parts, stepUp])
      return { passkey, ...(recoveryCodes && { recoveryCodes }) }
    })
    reportAdded(caller, account, 'passkey')
    return added
  }

  /**
   * Uses up the challenge, and proves what the authenticator has made of it.
   * @param bond as given to `creationOptions`.
   * @throws {Problem} PASSKEYS_OFF, FACTOR_INVALID.
   */
  async proveCreation(
    caller: Caller,
    user: User,
    { bond, attestation }: { readonly bond: string; readonly attestation: Attestation },
  ): Promise<ProvedCreation> {
    const rp = this.#relyingParty()
    const used = await this.#consume('passkey-creation', attestation)
    const { record, challenge = '' } = used ?? {}
    const { handle, bond: bound } = record?.detail ?? {}
    const isOwn = record?.userId === user.id && record.epoch === user.epoch
    if (!isOwn || bound !== digest(bond)) return this.#refuse(caller, 'challenge', user)
    const { proveCreation } = await import('./ceremonies.js')
    const credential = await proveCreation(rp, challenge, attestation).catch(() =>
      this.#refuse(caller, 'attestation', user),
    )
    return { credential, handle: handle as string }
  }

  /**
   * The parts that add a passkey, in the transaction of what they open.
   * @param user as they were read.
   * @throws {Problem} TOO_MANY_PASSKEYS, FACTOR_INVALID; PASSKEY_TAKEN from the transaction.
   * @throws {AccountChanged} from the transaction.
   */
  adding(
    caller: Caller,
    user: User,
    { credential, handle }: ProvedCreation,
    name = defaultName(caller, credential),
  ): PasskeyEnrolment {
    const { notices, trail, clock, random } = this.#dependencies
    assertRoom(user.passkeys)
    // Another ceremony may have given the account its handle meanwhile; an authenticator says back the one it got.
    if (user.webauthnId !== undefined && user.webauthnId !== handle) throw factorInvalid()
    const now = clock()
    const passkey = { ...credential, name, addedAt: new Date(now).toISOString() }
    const codes = user.recoveryCodes?.size ? undefined : newRecoveryCodes(random)
    const added = {
      webauthnId: handle,
      mark: newId(random),
      ...(codes && { codes: keptCodes(codes, now) }),
    }
    return {
      parts: [
        ...this.#store.adding(user, passkey, added),
        ...notices.of(caller, 'factor-added', user, { factor: 'passkey' }),
        trail.part(caller, 'authn_factor_added', {
          userId: user.id,
          factor: 'passkey',
          passkeyId: listedId(passkey),
        }),
      ],
      passkey: listedPasskey(passkey),
      amr: amrOf(credential),
      ...(codes && { recoveryCodes: codes }),
    }
  }

  /** @throws {Problem} FACTOR_NOT_FOUND. */
  async rename(
    caller: Caller,
    { account }: LiveSession,
    listed: string,
    name: string,
  ): Promise<ListedPasskey> {
    const renamed = { userId: account.id, passkeyId: listed }
    const passkey = await retryConflicts(async () => {
      const user = await this.#reread(account)
      const passkey = found(user, listed)
      const event = this.#dependencies.trail.part(caller, 'authn_passkey_renamed', renamed)
      await this.#store.rename(user, passkey, name, [event])
      return listedPasskey({ ...passkey, name })
    })
    report(caller.log, 'authn_passkey_renamed', renamed)
    return passkey
  }

  /** @throws {Problem} FACTOR_NOT_FOUND; LAST_FACTOR where the policy wants one. */
  async remove(caller: Caller, { account }: LiveSession, listed: string): Promise<void> {
    const { database, notices, trail, policy } = this.#dependencies
    const removed = { userId: account.id, factor: 'passkey', passkeyId: listed } as const
    await retryConflicts(async () => {
      const user = await this.#reread(account)
      const passkey = found(user, listed)
      const passkeys = user.passkeys?.filter((each) => each !== passkey) ?? []
      if (isFactorWanted(policy, user) && !hasSecondFactor({ ...user, passkeys })) {
        throw new Problem(LAST_FACTOR)
      }
      const notice = notices.of(caller, 'factor-removed', user, { factor: 'passkey' })
      const event = trail.part(caller, 'authn_factor_removed', removed)
      await database.writeTogether([...this.#store.removing(user, passkey), ...notice, event])
      return true
    })
    report(caller.log, 'authn_factor_removed', removed)
  }

  /** What a browser needs to use a passkey (WebAuthn §5.5): the same for all. @throws {Problem} PASSKEYS_OFF. */
  async requestOptions(): Promise<RequestOptions> {
    const { id: rpId } = this.#relyingParty()
    const challenge = await this.#challenge('passkey-request', {})
    return { challenge, rpId, timeout: CHALLENGE_MS, userVerification: 'required' }
  }

  /**
   * Finds out who signs in by a passkey alone. A suspended one is not enough.
   * @throws {Problem} PASSKEYS_OFF, FACTOR_INVALID, PASSKEY_SUSPENDED.
   */
  async identify(
    caller: Caller,
    assertion: Assertion,
  ): Promise<{ readonly user: User; readonly proved: ProvedFactor }> {
    const rp = this.#relyingParty()
    const challenge = await this.#consume('passkey-request', assertion)
    if (!challenge) return this.#refuse(caller, 'challenge')
    const userId = await this.#store.findOwner(assertion.id)
    const user = userId === undefined ? undefined : await this.#dependencies.users.findById(userId)
    if (!user) return this.#refuse(caller, 'unknown_passkey')
    const { userHandle } = assertion.response
    // WebAuthn §7.2 step 6: where nothing else names the user, the handle must.
    if (userHandle == null || userHandle !== user.webauthnId)
      return this.#refuse(caller, 'user_handle', user)
    const proved = await this.#prove(caller, user, { rp, assertion, ...challenge })
    if (proved.isLifted) throw suspended(caller, user)
    return { user, proved }
  }

  /**
   * The second factor of a user who is known already.
   * @throws {Problem} PASSKEYS_OFF, FACTOR_INVALID.
   */
  async verify(caller: Caller, user: User, assertion: Assertion): Promise<ProvedFactor> {
    const rp = this.#relyingParty()
    const challenge = await this.#consume('passkey-request', assertion)
    if (!challenge) return this.#refuse(caller, 'challenge', user)
    const { userHandle } = assertion.response
    if (userHandle != null && userHandle !== user.webauthnId) {
      return this.#refuse(caller, 'user_handle', user)
    }
    return this.#prove(caller, user, { rp, assertion, ...challenge })
  }

  async #prove(
    caller: Caller,
    user: User,
    { rp, challenge, assertion }: Presented,
  ): Promise<ProvedFactor> {
    const { trail, clock } = this.#dependencies
    const passkey = user.passkeys?.find(({ id }) => id === assertion.id)
    if (!passkey) return this.#refuse(caller, 'unknown_passkey', user)
    const { proveAssertion } = await import('./ceremonies.js')
    const counter = await proveAssertion(rp, challenge, assertion, passkey).catch(() =>
      this.#refuse(caller, 'assertion', user),
    )
    await this.#judgeCounter(caller, user, passkey, counter)
    const at = new Date(clock()).toISOString()
    const isLifted = passkey.isSuspended === true
    const lifted = { userId: user.id, passkeyId: listedId(passkey) }
    const parts = [
      this.#store.using(user, passkey, counter, at),
      ...(isLifted ? [trail.part(caller, 'authn_passkey_suspension_lifted', lifted)] : []),
    ]
    return { kind: 'passkey', amr: amrOf(passkey), parts, isLifted }
  }

  /**
   * A counter that does not rise may be that of a copy (WebAuthn §6.1.1). Devices that share a passkey keep no common
   * one, so that it says nothing of those; a key that cannot leave its device has been copied, or the device is
   * broken: it opens nothing, and its owner is told. 0 stands for no counter.
   */
  async #judgeCounter(
    caller: Caller,
    user: User,
    { counter: before, isSynced, name }: Passkey,
    counter: number,
  ): Promise<void> {
    if (counter > before || (counter === 0 && before === 0)) return
    const { database, notices } = this.#dependencies
    report(caller.log, 'authn_passkey_counter', { userId: user.id, isSynced })
    if (isSynced) return
    const notice = notices.unlessErased(caller, 'passkey-cloned', user, { keyName: name })
    if (notice.length > 0) await database.writeTogether(notice)
    await this.#refuse(caller, 'counter', user)
  }

  /** One answer for all that is wrong; the log has why. */
  async #refuse(caller: Caller, reason: string, user?: User): Promise<never> {
    reportFail(caller, reason, user)
    if (user) {
      const tried = { userId: user.id, tried: user.id }
      await this.#dependencies.refusals.count(caller, 'authn_factor_fail', tried)
    }
    throw factorInvalid()
  }

  /** @throws {Problem} TOKEN_INVALID where sessions have ended since the account was read. */
  async #reread({ id, epoch }: User): Promise<User> {
    const user = await this.#dependencies.users.findById(id)
    if (user?.epoch !== epoch || user.status !== 'active') throw bearerProblem(TOKEN_INVALID)
    return user
  }

  async #challenge(kind: TicketKind, record: TicketRecord): Promise<string> {
    const { tickets, clock, random } = this.#dependencies
    const challenge = newTicket(random)
    await tickets.put(kind, challenge, record, clock() + CHALLENGE_MS)
    return challenge
  }

  /** Used up before anything is looked at: what was tried once is never tried again. */
  async #consume(
    kind: TicketKind,
    { response }: Assertion | Attestation,
  ): Promise<{ readonly challenge: string; readonly record: TicketRecord } | undefined> {
    const challenge = challengeOf(response.clientDataJSON)
    const record =
      challenge === undefined
        ? undefined
        : await this.#dependencies.tickets.consume(kind, challenge)
    return challenge !== undefined && record ? { challenge, record } : undefined
  }

  #relyingParty(): RelyingParty {
    const { isOn, issuer } = this.#dependencies
    if (!isOn) throw new Problem(PASSKEYS_OFF)
    return { id: new URL(issuer).hostname, origin: issuer }
  }
}

/** A credential that its authenticator has made, and the user handle that it got. */
export interface ProvedCreation {
  readonly credential: CreatedCredential
  readonly handle: string
}

interface Presented {
  readonly rp: RelyingParty
  readonly challenge: string
  readonly assertion: Assertion
}

/** RFC 8176: with user verification, a key is what one has and what one knows or is. */
const amrOf = ({ isSynced }: Pick<Passkey, 'isSynced'>): readonly Amr[] => [
  isSynced ? 'swk' : 'hwk',
  'user',
  'mfa',
]

function assertRoom(passkeys: readonly Passkey[] = []): void {
  if (passkeys.length >= MAX_PASSKEYS) throw new Problem(TOO_MANY_PASSKEYS)
}

function found({ passkeys = [] }: User, listed: string): Passkey {
  const passkey = passkeys.find((each) => listedId(each) === listed)
  if (!passkey) throw new Problem(FACTOR_NOT_FOUND)
  return passkey
}

/** Its holder has proved that they have it: they are told how it works again. */
function suspended(caller: Caller, user: User): Problem {
  reportFail(caller, 'suspended_passkey', user)
  return new Problem(PASSKEY_SUSPENDED, {
    detail: 'Sign in with the password, and use the passkey as the second factor.',
    headers: CHALLENGE,
  })
}

const reportFail = ({ log }: Caller, reason: string, user?: User): void =>
  report(log, 'authn_factor_fail', { kind: 'passkey', reason, ...(user && { userId: user.id }) })

import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { TRUSTED_COOKIE, type TrustedCookie } from '../http/cookies.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { digest } from '../lib/digest.js'
import { newId, newSecret, type Random } from '../lib/random.js'
import { bounded } from '../sessions/session.js'
import type { SecondFactorPolicy, TrustedDevice } from '../users/factors.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { UsersStore } from '../users/store.js'
import type { User } from '../users/user.js'
import { DEVICE_NOT_FOUND } from './errors.js'
import type { FactorsStore } from './store.js'

export interface TrustedDevicesDependencies {
  readonly store: FactorsStore
  readonly users: Pick<UsersStore, 'findById'>
  readonly policy: SecondFactorPolicy
  readonly trail: Trail
  readonly clock: Clock
  readonly random: Random
}

/** What a browser keeps that is trusted from now on. */
export interface NewTrust {
  readonly cookie: TrustedCookie
  readonly secret: string
  readonly seconds: number
}

/** A trusted device as its owner sees it. Times are milliseconds since the epoch. */
export interface ListedDevice {
  readonly id: string
  /** The browser that asks. */
  readonly isCurrent: boolean
  readonly addedAt: number
  readonly expiresAt: number
  readonly userAgent: string | undefined
  readonly ip: string
}

const HOUR = 3_600_000

/** Of an account: the oldest goes for one more. */
const MAX_DEVICES = 10

/** How long a device is trusted, milliseconds. Where the policy wants a factor, that is a day's work at most. */
function lifetimeOf(policy: SecondFactorPolicy, { role }: Pick<User, 'role'>): number {
  if (policy === 'optional') return 30 * 24 * HOUR
  return role === 'admin' ? 0 : 12 * HOUR
}

/** A browser may be trusted by several accounts: each has a cookie of its own, whose name says nothing of it. */
const cookieOf = (userId: string): TrustedCookie =>
  `${TRUSTED_COOKIE}_${digest(userId).slice(0, 22)}`

/**
 * Browsers that their owners call their own devices: a sign-in there needs no second factor for a while, and proves no
 * more than one. The store has a hash of what the browser keeps. A new password, an end of all sessions and a change of
 * factors end them all.
 */
export class TrustedDevices {
  readonly #dependencies: TrustedDevicesDependencies

  constructor(dependencies: TrustedDevicesDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether the policy lets a device of this user be trusted. */
  isOffered(user: User): boolean {
    return lifetimeOf(this.#dependencies.policy, user) > 0
  }

  async isTrusted(caller: Caller, user: User): Promise<boolean> {
    return this.#current(caller, user) !== undefined
  }

  /**
   * Trusts the browser of a user who has just proved a second factor in it.
   * @returns undefined where the policy lets no device of theirs be trusted.
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async trust(
    caller: Caller,
    { id: userId, epoch, factorsVersion }: User,
  ): Promise<NewTrust | undefined> {
    const { store, users, policy, trail, clock, random } = this.#dependencies
    const secret = newSecret(random)
    const id = newId(random)
    const lifetimeMs = await retryConflicts(async () => {
      const user = await users.findById(userId)
      // Sessions have ended meanwhile, or another factor was changed than the one that was proved.
      const isSame = user?.epoch === epoch && user.factorsVersion === factorsVersion
      if (user?.status !== 'active' || !isSame) return 0
      const lifetime = lifetimeOf(policy, user)
      if (lifetime === 0) return 0
      const now = clock()
      const device: TrustedDevice = {
        id,
        hash: digest(secret),
        addedAt: new Date(now).toISOString(),
        until: now + lifetime,
        epoch,
        factorsVersion: user.factorsVersion ?? 0,
        ...bounded(caller),
      }
      const before = this.#current(caller, user)
      const others = this.#trusted(user).filter((each) => each !== before)
      const event = trail.part(caller, 'authn_device_trusted', { userId, deviceId: id })
      await store.keepDevices(user, [...others, device].slice(-MAX_DEVICES), [event])
      return lifetime
    })
    if (lifetimeMs === 0) return undefined
    report(caller.log, 'authn_device_trusted', { userId, deviceId: id })
    return { cookie: cookieOf(userId), secret, seconds: lifetimeMs / 1000 }
  }

  /** The latest first. */
  async list(caller: Caller, user: User): Promise<ListedDevice[]> {
    const current = this.#current(caller, user)
    return this.#trusted(user)
      .map((device) => ({
        id: device.id,
        isCurrent: device === current,
        addedAt: Date.parse(device.addedAt),
        expiresAt: this.#endOf(device, user),
        userAgent: device.userAgent,
        ip: device.ip,
      }))
      .reverse()
  }

  /**
   * Asks a device for the second factor again; its sessions go on.
   * @returns the cookie that is good for nothing any more, where it is that of the browser that asks.
   * @throws {Problem} DEVICE_NOT_FOUND, STORE_UNAVAILABLE.
   */
  async end(caller: Caller, { id: userId }: User, id: string): Promise<TrustedCookie | undefined> {
    const { store, users, trail } = this.#dependencies
    const ended = await retryConflicts(async () => {
      const user = await users.findById(userId)
      const devices = user ? this.#trusted(user) : []
      const device = devices.find((each) => each.id === id)
      if (!user || !device) throw new Problem(DEVICE_NOT_FOUND)
      await store.keepDevices(
        user,
        devices.filter((each) => each !== device),
        [trail.part(caller, 'authn_device_ended', { userId, deviceId: id })],
      )
      return { isCurrent: device === this.#current(caller, user) }
    })
    report(caller.log, 'authn_device_ended', { userId, deviceId: id })
    return ended.isCurrent ? cookieOf(userId) : undefined
  }

  #current(caller: Caller, user: User): TrustedDevice | undefined {
    const secret = secretOf(caller, user)
    if (secret === undefined) return undefined
    const hash = digest(secret)
    return this.#trusted(user).find((device) => device.hash === hash)
  }

  /** Those that are still good, by what the policy says now. */
  #trusted(user: User): readonly TrustedDevice[] {
    const { epoch, factorsVersion = 0, trustedDevices = [] } = user
    const now = this.#dependencies.clock()
    return trustedDevices.filter(
      (device) =>
        device.epoch === epoch &&
        device.factorsVersion === factorsVersion &&
        now < this.#endOf(device, user),
    )
  }

  #endOf({ addedAt, until }: TrustedDevice, user: User): number {
    return Math.min(until, Date.parse(addedAt) + lifetimeOf(this.#dependencies.policy, user))
  }
}

/** A cookie that was sent twice is none. */
function secretOf(caller: Caller, { id }: User): string | undefined {
  try {
    return caller.cookie(cookieOf(id))
  } catch {
    return undefined
  }
}

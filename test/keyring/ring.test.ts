import { createPrivateKey } from 'node:crypto'
import t from 'tap'
import {
  createRing,
  isRotationDue,
  type KeyRing,
  prune,
  refreshKeyAt,
  rotate,
  signingKeyAt,
} from '../../src/keyring/ring.js'
import { systemRandom } from '../../src/lib/random.js'
import { DAY, HOUR, MINUTE } from '../support/clock.js'
import { BIRTH, EDGE, JWKS_CACHE, LIFETIMES, quickKeys, REREAD } from '../support/rings.js'

/** Age of the token, age of the JWKS that the edge gave out, age of the verifier's copy. */
const VERIFIERS = [0, LIFETIMES.accessMs].flatMap((age) =>
  [0, REREAD + EDGE].flatMap((lag) => [0, HOUR, JWKS_CACHE].map((copy) => ({ age, lag, copy }))),
)

t.test('the rules of a key ring', async (t) => {
  quickKeys(t)
  const first = await createRing(BIRTH, systemRandom)
  const ROTATED = BIRTH + 30 * DAY
  const rotated = await rotate(first, ROTATED, systemRandom)
  const [oldKey, newKey] = pair(rotated.signing)
  const [oldRefresh, newRefresh] = pair(rotated.refresh)

  t.test('the first keys of a ring work at once', async (t) => {
    t.equal(signingKeyAt(first, BIRTH), first.signing[0])
    t.equal(refreshKeyAt(first, BIRTH), first.refresh[0])
    t.equal(signingKeyAt(first, BIRTH - 1), undefined)
    t.equal(refreshKeyAt(first, BIRTH - 1), undefined)
  })

  t.test('the keys of a ring are RSA of 2048 bits, and 256 random bits', async (t) => {
    const { kid, privateKey } = oldKey
    t.match(createPrivateKey(privateKey), {
      asymmetricKeyType: 'rsa',
      asymmetricKeyDetails: { modulusLength: 2048 },
    })
    t.match(kid, /^[0-9a-f]{16}$/)
    t.match(oldRefresh.id, /^[0-9a-f]{8}$/)
    t.equal(Buffer.from(oldRefresh.secret, 'base64url').length, 32)
    t.not(newKey.kid, kid)
    t.not(newRefresh.secret, oldRefresh.secret)
  })

  t.test('a signing key of the ring does not sign before every verifier can know it', async (t) => {
    const signs = ROTATED + JWKS_CACHE + REREAD + EDGE
    t.equal(newKey.publishedAt, ROTATED)
    t.equal(signingKeyAt(rotated, signs - 1), oldKey)
    t.equal(signingKeyAt(rotated, signs), newKey)
  })

  t.test('a refresh key of the ring is not used before every instance has read it', async (t) => {
    t.equal(refreshKeyAt(rotated, ROTATED + REREAD - 1), oldRefresh)
    t.equal(refreshKeyAt(rotated, ROTATED + REREAD), newRefresh)
  })

  t.test('a key of the ring gets a successor after 30 days', async (t) => {
    t.notOk(isRotationDue(first, BIRTH + 30 * DAY - 1))
    t.ok(isRotationDue(first, BIRTH + 30 * DAY))
    t.notOk(isRotationDue(rotated, ROTATED + DAY), 'the newest key counts')
    t.ok(isRotationDue({ signing: [], refresh: [] }, BIRTH))
  })

  t.test('a key stays in the ring until the last token that it made has expired', async (t) => {
    const lastSigned = newKey.signsFrom + REREAD + LIFETIMES.accessMs
    t.equal(prune(rotated, lastSigned, LIFETIMES), rotated, 'nothing to drop')
    t.same(prune(rotated, lastSigned + 1, LIFETIMES), { ...rotated, signing: [newKey] })

    const lastMade = newRefresh.usedFrom + REREAD + LIFETIMES.refreshMs
    t.same(prune(rotated, lastMade, LIFETIMES).refresh, [oldRefresh, newRefresh])
    t.same(prune(rotated, lastMade + 1, LIFETIMES).refresh, [newRefresh])
    t.equal(prune(first, BIRTH + 1000 * DAY, LIFETIMES), first, 'the newest never goes')
  })
})

t.test('no verifier meets a key of the ring that it does not know', async (t) => {
  quickKeys(t)
  const due = [30 * DAY, 60 * DAY, 90 * DAY]
  const forced = [10 * MINUTE, 20 * MINUTE, HOUR]
  for (const [how, rotations] of Object.entries({ due, forced })) {
    t.test(`no verifier meets an unknown key over three rotations that are ${how}`, async (t) => {
      const history = await lifeOfRing(rotations)
      t.equal(latest(history).ring.signing.length, 1, 'the first three are gone')
      t.same(strangers(history), [])
    })
  }
})

interface Moment {
  readonly at: number
  readonly ring: KeyRing
}

type History = [Moment, ...Moment[]]

/** The ring as hourly maintenance writes it, rotated at these times after its birth. */
async function lifeOfRing(rotations: readonly number[]): Promise<History> {
  const history: History = [{ at: BIRTH, ring: await createRing(BIRTH, systemRandom) }]
  const end = Math.max(...rotations) + 2 * DAY
  for (let age = 0; age <= end; age += 10 * MINUTE) {
    const { ring } = latest(history)
    const at = BIRTH + age
    const next = rotations.includes(age) ? await rotate(ring, at, systemRandom) : ring
    const pruned = prune(next, at, LIFETIMES)
    if (pruned !== ring) history.push({ at, ring: pruned })
  }
  return history
}

const latest = (history: History): Moment => history.at(-1) ?? history[0]

/** What the store held then; before the first ring, nobody can have had another one. */
const ringAt = (history: History, time: number): KeyRing =>
  (history.findLast(({ at }) => at <= time) ?? history[0]).ring

/** Each time a verifier meets a key id that its copy of the JWKS lacks. */
function strangers(history: History): string[] {
  return instants(history).flatMap((now) =>
    [0, REREAD].flatMap((lag) => {
      const kid = signingKeyAt(ringAt(history, now - lag), now)?.kid
      return VERIFIERS.filter(({ age, lag, copy }) => {
        const { signing } = ringAt(history, now + age - copy - lag)
        return !signing.some((key) => key.kid === kid)
      }).map((verifier) => `${kid} ${new Date(now).toISOString()} ${JSON.stringify(verifier)}`)
    }),
  )
}

/** Every seven minutes, and about each time at which something changes. */
function instants(history: History): number[] {
  const last = latest(history).at + DAY
  const count = Math.ceil((last - BIRTH) / (7 * MINUTE))
  const grid = Array.from({ length: count }, (_, index) => BIRTH + index * 7 * MINUTE)
  const changes = history.flatMap(({ at, ring }) => [at, ...ring.signing.map((k) => k.signsFrom)])
  return [...grid, ...changes.flatMap((at) => [at - 1, at, at + 1, at + REREAD])].filter(
    (time) => time >= BIRTH,
  )
}

function pair<K>(keys: readonly K[]): [K, K] {
  if (keys.length !== 2) throw new Error(`expected two keys, not ${keys.length}`)
  return keys as [K, K]
}

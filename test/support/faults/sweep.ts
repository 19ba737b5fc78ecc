import type { Test } from 'tap'
import { SECOND } from '../clock.js'
import { brokenInvariants, type Snapshot, snapshotOf } from '../invariants.js'
import { foreignPart } from '../own-answers.js'
import type { EngineCall } from '../proxy.js'
import type { Answer } from '../service.js'
import { clearTables } from '../tables.js'
import { type Fault, isTried, type NamedFaults } from './faults.js'
import { askedFor, gistOf } from './visitor.js'
import type { World } from './world.js'

/** Makes what a request needs. @returns what sends it; sent again it is the same request. */
export type Deed = (world: World) => Promise<() => Promise<Answer>>

/** A deed, and where the store was away for it, the same once more. */
interface Run {
  readonly answer: Answer
  /** Undefined where the first answer was no 503. */
  readonly again: Answer | undefined
  /** Of the first: its calls to the store, in order. */
  readonly operations: readonly string[]
  readonly bodies: readonly string[]
  readonly broken: readonly string[]
  /** What was made for it and by it, of what only grows. */
  readonly left: Marks
  /** How the credentials of all who take part are answered then. */
  readonly credentials: readonly Readonly<Record<string, string>>[]
}

/** How many there are of each kind of item that only grows: events, mails, tickets and those that are spent. */
type Marks = Readonly<Record<string, number>>

/** What was seen of a deed. */
interface Swept {
  /** Of its calls to the store, where there was no fault. */
  readonly bodies: readonly string[]
  /** How many faults made it fail for the time being. */
  readonly outages: number
}

/**
 * Does a deed with each fault at each of its calls to the store. The answer is the one without a fault, or 503; the
 * tables are as they must be; after a 503 the same request has done the deed, whatever it says; and the credentials are
 * then as good as if there had been no fault.
 */
export async function sweep(
  t: Test,
  world: World,
  name: string,
  { deed, faults: tried }: { readonly deed: Deed; readonly faults: NamedFaults },
): Promise<Swept> {
  await clearTables(world.proxy.endpoint, world.service.config.tables)
  world.forget()
  // The first one makes what the others share, such as an administrator.
  await deed(world)
  let marks = marksOf(await snapshotOf(world.service))
  const next = async (how?: Parameters<typeof run>[2]): Promise<Run> => {
    const { left, ...rest } = await run(world, deed, how)
    const grown = more(marks, left)
    marks = left
    return { ...rest, left: grown }
  }
  const twice = await next({ isRepeated: true })
  const faultless = await next()
  const { answer, operations } = faultless
  t.ok(answer.status < 400, `${name}: ${answer.status} ${answer.status < 400 ? '' : answer.text}`)
  t.same(faultless.broken, [], `${name} breaks nothing`)
  const faults: string[] = []
  let runs = 0
  let outages = 0
  for (const [how, fault] of Object.entries(tried)) {
    for (let at = 1; at <= operations.length; at++) {
      if (!isTried(fault, at, operations)) continue
      const what = `call ${at} of ${operations.join()} ${how}`
      const met = await next({ at, fault })
      for (const each of faultsOf({ faultless, twice }, met)) faults.push(`${what}: ${each}`)
      runs++
      if (met.again) outages++
    }
  }
  t.same(faults, [], `${name}: ${runs} faults`)
  return { bodies: faultless.bodies, outages }
}

function* faultsOf(
  { faultless, twice }: { readonly faultless: Run; readonly twice: Run },
  { answer, again, broken, left, credentials }: Run,
): Iterable<string> {
  const success = gistOf(faultless.answer)
  yield* broken
  if (again) yield* faultsOfOutage(answer)
  else if (gistOf(answer) !== success) yield `${gistOf(answer)} ${answer.text.slice(0, 200)}`
  const second = again && gistOf(again)
  // A browser that has lost the answer is sent to sign in.
  const isKnown = [success, gistOf(twice.again ?? answer)].includes(second ?? '')
  if (again && !isKnown && !second?.startsWith('303 /login')) {
    yield `then ${second} ${again.text.slice(0, 200)}`
  }
  for (const [kind, count] of Object.entries(faultless.left)) {
    const done = left[kind] ?? 0
    if (done < count) yield `${done} of ${count} ${kind}: ${gistOf(answer)}, ${second}`
  }
  for (const [index, tried] of credentials.entries()) {
    for (const [what, seen] of Object.entries(tried)) {
      const expected = twice.credentials[index]?.[what] ?? seen
      if (seen !== expected) yield `the ${what} is answered ${seen} instead of ${expected}`
    }
  }
}

/** What is wrong with an answer that says that the store is away. */
function* faultsOfOutage(answer: Answer): Iterable<string> {
  // A social sign-in ends on the page that begins it.
  if (answer.status !== 503) return
  const [method, path] = askedFor.get(answer) ?? ['GET', '/']
  const isForPerson = !/^\/(api|oauth|\.well-known|openapi|healthz)/.test(path)
  const foreign = foreignPart({ method, path, isForPerson }, answer)
  if (foreign !== undefined) yield foreign
  if (!/^\d+$/.test(String(answer.headers['retry-after']))) yield 'no Retry-After'
}

interface How {
  readonly at?: number
  readonly fault?: Fault
  /** Whether the deed is done once more although the store was there. */
  readonly isRepeated?: boolean
}

async function run(
  world: World,
  deed: Deed,
  { at, fault, isRepeated = false }: How = {},
): Promise<Run> {
  const { proxy, service } = world
  service.clock.advance(2 * SECOND)
  world.visitors = []
  const act = await deed(world)
  const calls = new Map<string, EngineCall>()
  let faulty: string | undefined
  let attempts = 0
  proxy.decide((call) => {
    calls.set(call.id, call)
    if (calls.size === at) faulty ??= call.id
    return fault !== undefined && call.id === faulty ? fault.fate(++attempts, call) : 'pass'
  })
  const answer = await act()
  proxy.decide(() => 'pass')
  const made = [...calls.values()]
  const operations = made.map(({ operation }) => operation)
  const bodies = made.map(({ body }) => body)
  let snapshot = await snapshotOf(service)
  const broken = brokenInvariants(snapshot, service.clock())
  const isOutage = isAway(answer)
  const again = isOutage || isRepeated ? await act() : undefined
  const credentials: Readonly<Record<string, string>>[] = []
  if (again) {
    snapshot = await snapshotOf(service)
    broken.push(...brokenInvariants(snapshot, service.clock()).map((each) => `then ${each}`))
    for (const visitor of world.visitors) credentials.push(await visitor.tried())
    snapshot = await snapshotOf(service)
  }
  return { answer, again, operations, bodies, broken, left: marksOf(snapshot), credentials }
}

/** The contract of social sign-in sends a person to `/login` with what went wrong. */
const isAway = ({ status, headers }: Answer): boolean =>
  status === 503 || String(headers.location).includes('/login?error=TEMPORARILY_UNAVAILABLE')

function marksOf({ events, tickets }: Snapshot): Record<string, number> {
  const marks = [
    ...events.flatMap(({ event, kind }) => [event ?? kind ?? []].flat().map(String)),
    ...tickets.flatMap(({ pk, usedBy }) => {
      const [kind = ''] = String(pk).split('#')
      // The mark of a social sign-in that has succeeded: what is lost with it is a notice.
      if (kind === 'social-arrival') return []
      return usedBy === undefined ? [kind] : [kind, `spent ${kind}`]
    }),
  ]
  const counts: Record<string, number> = {}
  for (const mark of marks) counts[mark] = (counts[mark] ?? 0) + 1
  return counts
}

function more(before: Marks, after: Marks): Marks {
  const grown = Object.entries(after).map(
    ([mark, count]) => [mark, count - (before[mark] ?? 0)] as const,
  )
  return Object.fromEntries(grown.filter(([, count]) => count > 0))
}

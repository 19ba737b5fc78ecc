import type { EventName } from '../events/catalogue.js'
import { type Facts, OTHER_ACTORS, type OtherActor, type TrailItem } from '../events/trail.js'

/** Who did something, as the person of the account may know it. */
export type Actor = 'self' | 'administrator' | OtherActor

/** An entry of the audit trail as the person of the account sees it. */
export interface ListedEntry {
  readonly id: string
  readonly event: EventName
  /** ISO 8601. Of refusals that were counted together, the last. */
  readonly at: string
  readonly actor: Actor
  /** How many refusals of an hour it stands for; 1 for any other event. */
  readonly times: number
  /** Where it was done from; null where it was not the person themselves, nor a stranger who was refused. */
  readonly ip: string | null
  readonly userAgent: string | null
  readonly details: Facts
}

/** The same as an administrator sees it. */
export interface ManagedEntry extends ListedEntry {
  /** The id of who did it, where it was another user. */
  readonly actorId: string | null
}

/** Whose address a person may see: their own, and that of who tried to be them. */
const SHOWN: ReadonlySet<Actor> = new Set<Actor>(['self', 'stranger', 'key-holder'])

export function listedEntry(item: TrailItem): ListedEntry {
  const { actorId, ip, userAgent } = item
  const actor = actorOf(actorId)
  const isShown = SHOWN.has(actor)
  return {
    id: item.eventId,
    event: item.event,
    at: item.at,
    actor,
    times: item.times ?? 1,
    ip: isShown && ip !== undefined ? ip : null,
    userAgent: isShown && userAgent !== undefined ? userAgent : null,
    details: item.facts ?? {},
  }
}

export const managedEntry = (item: TrailItem): ManagedEntry => ({
  ...listedEntry(item),
  ip: item.ip ?? null,
  userAgent: item.userAgent ?? null,
  actorId: isOther(item.actorId) ? null : (item.actorId ?? null),
})

const isOther = (actorId: string | undefined): actorId is OtherActor =>
  OTHER_ACTORS.some((other) => other === actorId)

function actorOf(actorId: string | undefined): Actor {
  if (actorId === undefined) return 'self'
  return isOther(actorId) ? actorId : 'administrator'
}

import * as Type from 'typebox'
import { CATALOGUE, type EventName } from '../events/catalogue.js'
import { OTHER_ACTORS } from '../events/trail.js'

/** Events that a trail may have. */
const KEPT_EVENTS: readonly EventName[] = Object.entries(CATALOGUE)
  .filter(([, { kept }]) => kept !== 'log')
  .map(([name]) => name as EventName)

export const EventsQuery = Type.Object(
  {
    cursor: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{2,200}$',
        description: 'The `cursor` of the page before: older events',
      }),
    ),
    event: Type.Optional(
      Type.Enum([...KEPT_EVENTS], { description: 'Events of this name alone (docs/events.md)' }),
    ),
  },
  { additionalProperties: false },
)

const Nullable = Type.Union([Type.String(), Type.Null()])

const EventSchema = Type.Object({
  id: Type.String(),
  event: Type.String({
    description: 'Its name (docs/events.md)',
    examples: ['authn_login_success'],
  }),
  at: Type.String({
    format: 'date-time',
    description: 'When it happened; of refusals that were counted together, the last',
  }),
  actor: Type.Enum(['self', 'administrator', ...OTHER_ACTORS], {
    description: 'Who did it: `self` is the person whose account it is',
  }),
  times: Type.Integer({
    minimum: 1,
    description: 'How many refusals of one hour it stands for; 1 for any other event',
  }),
  ip: Nullable,
  userAgent: Nullable,
  details: Type.Object(
    {},
    {
      additionalProperties: true,
      description: 'What the event is about, such as `sessionId`, `keyId` or `factor`',
    },
  ),
})

const Cursor = Type.Union([Type.String(), Type.Null()], {
  description: 'Leads on to older events; null where there are none',
})

export const EventsAnswer = Type.Object({ events: Type.Array(EventSchema), cursor: Cursor })

export const ManagedEventsAnswer = Type.Object({
  events: Type.Array(
    Type.Object({
      ...EventSchema.properties,
      actorId: Type.Union([Type.String(), Type.Null()], {
        description: 'Id of the user who did it, where it was another one',
      }),
    }),
  ),
  cursor: Cursor,
})

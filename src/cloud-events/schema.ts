import * as Type from 'typebox'
import type { Static } from 'typebox'
import { CATALOGUE, type EventName } from '../events/catalogue.js'
import { OTHER_ACTORS } from '../events/trail.js'

/** What a type begins with, so that those of several products on one bus are told apart. */
const TYPE_PREFIX = 'latchkey.'

/** Events that leave the service: those that are an item of the trail each. */
export const SENT_EVENTS: readonly EventName[] = Object.entries(CATALOGUE)
  .filter(([, { kept }]) => kept === 'trail')
  .map(([name]) => name as EventName)

export const typeOf = (event: EventName): string => TYPE_PREFIX + event

/** The greatest number of a subject, which its deletion has: CloudEvents' integers have 32 bits. */
export const LAST_NUMBER = 2_147_483_647

const Id = Type.String()
const ids = (description: string) => Type.Optional(Type.String({ description }))
const word = (description: string) => Type.Optional(Type.String({ description }))

/**
 * What may be told of an event: ids, and words of the service. A fact of the trail that is not here stays there, so that a
 * new one is sent on purpose or not at all.
 */
export const FACTS = {
  sessionId: ids('The session'),
  replaced: ids('The session that a sign-in replaced'),
  clientId: ids('The app'),
  keyId: ids('The API key'),
  identityId: ids('The identity at a provider'),
  passkeyId: ids('The passkey'),
  passkeyIds: Type.Optional(Type.Array(Id, { description: 'The passkeys' })),
  deviceId: ids('The trusted browser'),
  method: word('How a person signed in'),
  provider: word('The id of the identity provider'),
  factor: word('The kind of second factor'),
  action: word('What an administrator did'),
  from: word('The role or status before'),
  to: word('The role or status after'),
  reason: word('Why the service did it'),
  codesLeft: Type.Optional(Type.Integer({ description: 'Recovery codes that are left' })),
  count: Type.Optional(Type.Integer({ description: 'How many passkeys it is about' })),
  oldUntil: Type.Optional(
    Type.String({ format: 'date-time', description: 'When an earlier secret stops working' }),
  ),
} as const

const EventData = Type.Object(
  {
    actor: Type.Optional(
      Type.Enum(['self', 'administrator', ...OTHER_ACTORS], {
        description:
          'Who did it: `self` is the person whose account it is. A deletion does not say',
      }),
    ),
    actorId: Type.Optional(
      Type.String({ description: 'The id of the administrator who did it, where one did' }),
    ),
    ...FACTS,
  },
  {
    additionalProperties: false,
    description: 'Ids and words of the service: no address, no name, no secret',
  },
)

/** An event as others get it, in the JSON format of CloudEvents 1.0, with one extension attribute: `subjectnumber`. */
export const CloudEvent = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    id: Type.String({
      description:
        'The id that the event has in the audit trail. It is the same each time that the event is sent: who has it already, drops it',
    }),
    source: Type.String({ format: 'uri', description: 'The issuer: the base URL of the service' }),
    type: Type.Enum(SENT_EVENTS.map(typeOf), { description: 'What happened (docs/events.md)' }),
    subject: Type.String({
      description:
        'The id of the user whose account it is about; of an app, the administrator who changed it',
    }),
    time: Type.String({ format: 'date-time', description: 'When it happened' }),
    datacontenttype: Type.Literal('application/json'),
    subjectnumber: Type.Integer({
      minimum: 1,
      maximum: LAST_NUMBER,
      description: `Counts the events of the subject from 1 on, without a gap: events may arrive in any order. ${LAST_NUMBER} is the deletion, which is the last`,
    }),
    data: EventData,
  },
  { additionalProperties: false },
)
export type CloudEvent = Static<typeof CloudEvent>

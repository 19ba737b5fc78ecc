import {
  DynamoDBDocumentClient,
  paginateScan,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { Database } from '../../src/dynamodb/database.js'
import { MailDelivery } from '../../src/email/delivery.js'
import type { Caller } from '../../src/http/caller.js'
import type { Mailer } from '../../src/email/mailer.js'
import { MESSAGE_PREFIX, type MessageKey, type StoredMessage } from '../../src/email/message.js'
import {
  linkTicket,
  mailCode,
  type MailTicket,
  type MailTicketKind,
} from '../../src/tickets/mail-secrets.js'
import { systemRandom } from '../../src/lib/random.js'
import type { Service } from './service.js'
import { recordSecret } from './transcript.js'

/** A mail as its reader has it. Link, ticket and code are empty in a notice. */
export interface ReadMail extends StoredMessage {
  readonly link: string
  /** What follows `#ticket=`. */
  readonly secret: string
  readonly code: string
}

const PATHS: Readonly<Record<MailTicketKind, string>> = {
  verification: '/verify',
  'password-reset': '/reset',
  'sign-in': '/login/email',
  'address-change': '/dashboard',
  'address-undo': '/undo',
  'factors-removal': '/keep-factors',
  invitation: '/invitation',
}

/** The environment of a service that sends mail. */
export const MAIL = { MAIL_FROM: 'auth@example.com' }

/** A caller whom no request stands for. */
export function callerOn({ app }: Service, address = '203.0.113.7'): Caller {
  return {
    ip: address,
    address,
    language: 'en',
    requestId: '',
    route: undefined,
    log: app.log,
    cookie: () => undefined,
  }
}

/** Lets an account have proved its address, long ago. */
export async function proveAddress({ client, config }: Service, userId: string): Promise<void> {
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: config.tables.users,
      Key: { pk: `USER#${userId}` },
      UpdateExpression: 'SET emailVerified = :true',
      ExpressionAttributeValues: { ':true': true },
    }),
  )
}

/** Every message of a service, decoys too, the oldest first. */
export async function messages({ client, config }: Service): Promise<StoredMessage[]> {
  const documents = DynamoDBDocumentClient.from(client)
  const pages = paginateScan(
    { client: documents },
    { TableName: config.tables.events, ConsistentRead: true },
  )
  const items: StoredMessage[] = []
  for await (const { Items = [] } of pages)
    items.push(...(Items.filter(isMessage) as StoredMessage[]))
  return items.sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/** The counts of notices are in the same table. */
const isMessage = ({ userId }: Readonly<Record<string, unknown>>): boolean =>
  String(userId).startsWith(MESSAGE_PREFIX)

/** What the queue names a message by. */
export function keyOfMail(message: StoredMessage): MessageKey {
  const { userId, eventId } = message as unknown as MessageKey
  return { userId, eventId }
}

/** How many mails an account gets, by what the tables keep of each; quicker than to read them all. */
export async function countMails({ client, config }: Service, userId: string): Promise<number> {
  const { Count = 0 } = await DynamoDBDocumentClient.from(client).send(
    new QueryCommand({
      TableName: config.tables.events,
      ConsistentRead: true,
      Select: 'COUNT',
      KeyConditionExpression: 'userId = :mails',
      FilterExpression: 'isDecoy <> :true',
      ExpressionAttributeValues: { ':mails': MESSAGE_PREFIX + userId, ':true': true },
    }),
  )
  return Count
}

/** The mails that an address gets, the oldest first. */
export async function mailsTo(service: Service, address: string): Promise<ReadMail[]> {
  const sent = (await messages(service)).filter(({ to, isDecoy }) => to === address && !isDecoy)
  return Promise.all(sent.map((message) => read(service, message)))
}

/** The latest of them. */
export async function lastMail(service: Service, address: string): Promise<ReadMail> {
  const [last, before] = (await mailsTo(service, address)).reverse()
  if (!last) throw new Error('no mail')
  if (last.createdAt === before?.createdAt) throw new Error('move the clock between two mails')
  return last
}

async function read(service: Service, message: StoredMessage): Promise<ReadMail> {
  const { ticket } = message
  if (!ticket) return { ...message, link: '', secret: '', code: '' }
  const { secret, code } = await secretsOf(service, ticket)
  recordSecret('code', secret)
  const link = `${service.config.issuer}${PATHS[ticket.kind]}#ticket=${secret}`
  return { ...message, link, secret, code }
}

/** What a mail is made to say by its ticket, whether or not it is sent. */
export async function secretsOf({ services }: Service, ticket: MailTicket) {
  const { keyId } = ticket
  const { ticketKeys } = services
  const key = await (keyId === undefined ? ticketKeys.current() : ticketKeys.byId(keyId))
  if (!key) throw new Error('the key of the ticket is gone')
  return { secret: linkTicket(key, ticket), code: mailCode(key, ticket) }
}

/** What sends the messages of a service, to a mailer that takes them all unless another is given. */
export function deliveryOf(
  { client, config, services, clock, app }: Service,
  mailer: Mailer = { send: async () => undefined },
): MailDelivery {
  return new MailDelivery({
    ...{ database: new Database(client), table: config.tables.events, mailer },
    ...{ ticketKeys: services.ticketKeys, issuer: config.issuer, brand: config.brand },
    ...{ from: MAIL.MAIL_FROM, clock, random: systemRandom, log: app.log },
  })
}

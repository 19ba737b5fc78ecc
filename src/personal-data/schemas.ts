import * as Type from 'typebox'

/*
 * What an export shows of each kind of item. What an item has beyond that, such as a hash, is named in `withheld` and not
 * given.
 */

const Time = Type.String({ format: 'date-time' })
const Text = Type.String()
const Texts = Type.Array(Type.String())
const some = <P extends Type.TProperties>(properties: P) =>
  Type.Object(optional(properties), { additionalProperties: false })
const optional = <P extends Type.TProperties>(properties: P) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, Type.Optional(schema)]),
  ) as { readonly [Name in keyof P]: Type.TOptional<P[Name]> }

const Device = { userAgent: Text, ip: Text }

const kept = <P extends Type.TProperties>(properties: P, description: string) =>
  Type.Object(
    {
      key: Type.String({ description: 'Names the item in its table' }),
      ...optional(properties),
      withheld: Type.Array(Type.String(), {
        description:
          'Names of what else is kept in the item: secrets, their hashes, and marks of the service',
      }),
    },
    { additionalProperties: false, description },
  )

const Account = kept(
  {
    id: Text,
    email: Text,
    emailVerified: Type.Boolean(),
    formerEmail: Text,
    earlierAddresses: Type.Array(
      some({ email: Text, changedAt: Time, until: Time, isProved: Type.Boolean() }),
    ),
    name: Text,
    role: Text,
    status: Text,
    createdAt: Time,
    adminSince: Time,
    adminUntil: Time,
    ownedSince: Time,
    identities: Type.Array(
      some({
        ...{ id: Text, provider: Text, issuer: Text, subject: Text, email: Text },
        ...{ linkedAt: Time, suspendedReason: Text },
      }),
    ),
    totp: some({ addedAt: Time, lastStep: Type.Integer(), failures: Type.Integer() }),
    passkeys: Type.Array(
      some({
        ...{ id: Text, name: Text, addedAt: Time, lastUsedAt: Time, transports: Texts },
        ...{ isSynced: Type.Boolean(), isSuspended: Type.Boolean() },
      }),
    ),
    recoveryCodesAt: Time,
    trustedDevices: Type.Array(some({ id: Text, addedAt: Time, until: Time, ...Device })),
    factorsRemoval: some({ by: Text, beganAt: Time, until: Time, confirmedBy: Text }),
    consents: Type.Object(
      {},
      {
        additionalProperties: some({
          ...{ name: Text, scopes: Texts, resources: Texts, redirectHost: Text, at: Time },
        }),
        description: 'By the client ids of apps',
      },
    ),
    consentWithdrawnAt: Time,
  },
  'The account itself',
)

/** By the kind of an item. */
export const SECTIONS = {
  address: kept({ keptUntil: Time, userId: Text }, 'An address that is reserved for the account'),
  identity: kept({ userId: Text }, 'Leads from an identity at a provider to the account'),
  passkey: kept({ userId: Text }, 'Leads from a passkey to the account'),
  session: kept(
    {
      ...{ userId: Text, sessionId: Text, createdAt: Time, lastUsedAt: Time },
      ...{ idleExpiresAt: Time, absoluteExpiresAt: Time, amr: Texts, authTime: Time },
      ...{ isShort: Type.Boolean(), identityId: Text, ...Device },
      app: some({ clientId: Text, name: Text, scopes: Texts, resources: Texts }),
      replay: some({ at: Time, ...Device }),
    },
    'A session, of a browser, a program or an app',
  ),
  apiKey: kept(
    {
      ...{ keyId: Text, ownerId: Text, name: Text, prefix: Text, scopes: Texts, status: Text },
      ...{ createdAt: Time, lastUsedAt: Time, expiresAt: Time, allowedCidrs: Texts },
      ...{ suspendedBy: Text, suspendedReason: Text, monthlyQuota: Type.Integer() },
      rateLimit: some({ limit: Type.Integer(), windowSeconds: Type.Integer() }),
      events: Type.Array(some({ at: Time, what: Text, by: Text, detail: Text })),
    },
    'An API key',
  ),
  apiKeyList: kept({ keyCount: Type.Integer(), keyIds: Texts }, 'Counts the API keys'),
  apiKeyUse: kept(
    { allowed: Type.Integer(), limited: Type.Integer(), forbidden: Type.Integer() },
    'Calls with an API key on one day, which `key` names',
  ),
  ticket: kept(
    { userId: Text, address: Text, sessionId: Text, expiresAt: Time },
    'The link or code of a mail, or another step that is good once; used ones until they expire',
  ),
  invitation: kept(
    { email: Text, role: Text, invitedBy: Text, createdAt: Time, expiresAt: Time },
    'An open invitation of one of the addresses',
  ),
  event: kept(
    {
      ...{ event: Text, at: Time, actorId: Text, times: Type.Integer(), ip: Text, userAgent: Text },
      subjectNumber: Type.Integer(),
      facts: Type.Object({}, { additionalProperties: true }),
    },
    'Something that happened in the account',
  ),
  mail: kept(
    {
      ...{ id: Text, kind: Text, to: Text, language: Text, createdAt: Time },
      ...{ sentAt: Time, refusedAt: Time, droppedAt: Time },
      facts: Type.Object({}, { additionalProperties: true }),
    },
    'A mail of the last three days; without its address once it is sent',
  ),
  noticeCount: kept({}, 'Counts notices of one kind in one hour'),
  eventNumbers: kept({ last: Type.Integer() }, 'Counts the events that were sent to other systems'),
}

/** The schema of an export (JSON Schema 2020-12). */
export const AccountExport = Type.Object(
  {
    version: Type.Literal(1),
    exportedAt: Time,
    account: Account,
    addresses: Type.Array(SECTIONS.address),
    identities: Type.Array(SECTIONS.identity),
    passkeys: Type.Array(SECTIONS.passkey),
    sessions: Type.Array(SECTIONS.session),
    apiKeys: Type.Array(SECTIONS.apiKey),
    apiKeyLists: Type.Array(SECTIONS.apiKeyList),
    apiKeyUse: Type.Array(SECTIONS.apiKeyUse),
    tickets: Type.Array(SECTIONS.ticket),
    invitations: Type.Array(SECTIONS.invitation),
    events: Type.Array(SECTIONS.event),
    mails: Type.Array(SECTIONS.mail),
    noticeCounts: Type.Array(SECTIONS.noticeCount),
    eventNumbers: Type.Array(SECTIONS.eventNumbers),
  },
  { additionalProperties: false, title: 'All that Latchkey keeps of a person' },
)
export type AccountExport = Type.Static<typeof AccountExport>

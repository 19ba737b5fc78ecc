import * as Type from 'typebox'
import { DISPLAY_NAME } from '../lib/display-name.js'
import { describedAs, oneOf } from '../http/described-schema.js'
import { SUSPENDED_REASONS } from '../lib/suspension.js'
import { CIDR_PATTERN } from './cidr-pattern.js'

const Name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: DISPLAY_NAME,
  examples: ['billing export'],
})
const Scope = describedAs(Type.String({ minLength: 1, maxLength: 64 }), ({ keyScopes }) =>
  oneOf(keyScopes, 'API_KEY_SCOPES'),
)
const Scopes = Type.Array(Scope, { minItems: 1, maxItems: 50, uniqueItems: true })
const Instant = Type.String({
  format: 'date-time',
  description: 'In the future, and before the year 9999',
  examples: ['2031-01-01T00:00:00Z'],
})
const RateLimit = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    windowSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
  },
  { additionalProperties: false },
)
const MonthlyQuota = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })
const Cidr = describedAs(Type.String({ maxLength: 49 }), { pattern: CIDR_PATTERN })
const Cidrs = Type.Array(Cidr, {
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
  examples: [['192.0.2.0/24']],
})

export const GenerateBody = Type.Object(
  {
    name: Name,
    scopes: Type.Optional(Scopes),
    expiresAt: Type.Optional(Instant),
    rateLimit: Type.Optional(RateLimit),
    monthlyQuota: Type.Optional(MonthlyQuota),
    allowedCidrs: Type.Optional(Cidrs),
  },
  { additionalProperties: false },
)

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

/** What is left out stays; null takes a setting away. */
export const UpdateBody = Type.Object(
  {
    name: Type.Optional(Name),
    scopes: Type.Optional(Scopes),
    status: Type.Optional(Type.Enum(['active', 'disabled'])),
    expiresAt: orNull(Instant),
    rateLimit: orNull(RateLimit),
    monthlyQuota: orNull(MonthlyQuota),
    allowedCidrs: orNull(Cidrs),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const KeyParams = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
)
export const ListQuery = Type.Object(
  {
    ownerId: Type.Optional(
      Type.String({ maxLength: 64, description: 'Another user’s keys; for administrators' }),
    ),
  },
  { additionalProperties: false },
)

const nullable = (schema: Parameters<typeof Type.Union>[0][number]) =>
  Type.Union([schema, Type.Null()])

const KeySchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  prefix: Type.String({
    description: 'The first letters of the key',
    examples: ['lk_live_3fX9aB'],
  }),
  ownerId: Type.String(),
  status: Type.Enum(['active', 'disabled', 'suspended']),
  suspendedBy: nullable(
    Type.Enum(['administrator', 'service'], {
      description: 'Administrators alone lift the suspension of an administrator',
    }),
  ),
  suspendedReason: nullable(Type.Enum([...SUSPENDED_REASONS])),
  scopes: Type.Array(Type.String()),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: nullable(Type.String({ format: 'date-time' })),
  lastUsedAt: nullable(Type.String({ format: 'date-time' })),
  oldSecretUntil: nullable(
    Type.String({ format: 'date-time', description: 'The overlap of the last rotation' }),
  ),
  secretUntil: nullable(
    Type.String({
      format: 'date-time',
      description: 'The secret was reported as leaked: rotate it',
    }),
  ),
  rateLimit: nullable(RateLimit),
  monthlyQuota: nullable(Type.Integer()),
  allowedCidrs: nullable(Type.Array(Type.String())),
  events: Type.Array(
    Type.Object({
      at: Type.String({ format: 'date-time' }),
      what: Type.Enum([
        'created',
        'updated',
        'rotated',
        'revoked',
        'leaked',
        'suspended',
        'lifted',
      ]),
      by: Type.Optional(
        Type.Enum(['administrator', 'holder', 'service'], {
          description: 'Who did it, where it was not the owner; `holder` is the key itself',
        }),
      ),
      detail: Type.Optional(Type.String()),
    }),
    { description: 'What happened to the key, oldest first' },
  ),
})

const AllowanceSchema = Type.Object({
  calls: Type.Integer({ description: 'Calls that are left at least' }),
  resetsAt: Type.String({ format: 'date-time' }),
})

const { id, name, prefix, status, scopes, createdAt, expiresAt } = KeySchema.properties
const { rateLimit, monthlyQuota, allowedCidrs } = KeySchema.properties

export const HolderAnswer = Type.Object({
  key: Type.Object({
    ...{ id, name, prefix, status, scopes, createdAt, expiresAt },
    ...{ rateLimit, monthlyQuota, allowedCidrs },
    secretUntil: nullable(
      Type.String({
        format: 'date-time',
        description:
          'When the secret that was sent stops: the end of a rotation’s overlap, or of a leak’s term',
      }),
    ),
    remaining: Type.Object(
      { rateLimit: nullable(AllowanceSchema), monthlyQuota: nullable(AllowanceSchema) },
      { description: 'What is left of each limit that the key has' },
    ),
  }),
})
export const KeyAnswer = Type.Object({ key: KeySchema })
export const KeysAnswer = Type.Object({ keys: Type.Array(KeySchema) })
export const IssuedAnswer = Type.Object({
  apiKey: Type.String({ description: 'The only time it is shown' }),
  key: KeySchema,
  message: Type.Literal('Save this key securely'),
})
export const UsageAnswer = Type.Object({
  days: Type.Array(
    Type.Object({
      day: Type.String({ format: 'date' }),
      allowed: Type.Integer(),
      limited: Type.Integer({ description: 'Refused by rate limit or quota' }),
      forbidden: Type.Integer({ description: 'Refused for a missing scope' }),
    }),
    { description: 'The last 30 days (UTC), the oldest first' },
  ),
})

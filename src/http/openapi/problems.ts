import * as Type from 'typebox'
import type { TSchema } from 'typebox'

/** RFC 9457 problem details with the members of the contract. */
const ProblemDetails = Type.Object(
  {
    type: Type.String({
      format: 'uri',
      description: 'A page that says what happened and what to do',
      examples: ['https://auth.example.com/errors#VALIDATION_FAILED'],
    }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    code: Type.String({ description: 'Stable, for programs', examples: ['VALIDATION_FAILED'] }),
    error: Type.String({ description: 'The same sentence as `title`' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String(),
          message: Type.String(),
          code: Type.Optional(Type.String({ examples: ['TOO_SHORT'] })),
        }),
      ),
    ),
    flow: Type.Optional(
      Type.String({
        description:
          'With `EMAIL_VERIFICATION_REQUIRED` and `SECOND_FACTOR_ENROLMENT_REQUIRED`: what the code of the mail works with, at `POST /api/auth/login/email/confirm`',
      }),
    ),
    ticket: Type.Optional(
      Type.String({
        description:
          'With `SECOND_FACTOR_REQUIRED`, for `POST /api/auth/login/factor`; with `SECOND_FACTOR_ENROLMENT_REQUIRED`, for `/api/auth/login/enrolment`',
      }),
    ),
    factors: Type.Optional(
      Type.Array(Type.String(), {
        description: 'With `SECOND_FACTOR_REQUIRED`: what the account can prove',
        examples: [['passkey', 'totp', 'recovery-code']],
      }),
    ),
    acrValues: Type.Optional(
      Type.Array(Type.String(), {
        description: 'How strong a sign-in must be, as in `WWW-Authenticate` (RFC 9470)',
        examples: [['urn:latchkey:2']],
      }),
    ),
    maxAge: Type.Optional(
      Type.Integer({ description: 'How many seconds ago it may have been', examples: [900] }),
    ),
    requestId: Type.String(),
  },
  { description: 'Problem details (RFC 9457)' },
)

/** `response` entries for the failures that a route can answer with. */
export function problems(...statuses: number[]): Record<number, TSchema> {
  const content = { 'application/problem+json': { schema: ProblemDetails } }
  return Object.fromEntries(statuses.map((status) => [status, { content }]))
}

import * as Type from 'typebox'
import type { MailProof } from './mail-tickets.js'

/** What is no link or code is answered like a wrong one, so that only its length is bounded here. */
const Text = { minLength: 1, maxLength: 128 }

export const MailCode = Type.String({
  ...Text,
  description: 'The code of the mail',
  examples: ['04711042'],
})

/** The fields of a body that prove a mail, beside those of the change that it is for. */
export const MAIL_PROOF = {
  ticket: Type.Optional(
    Type.String({ ...Text, description: 'What follows `#ticket=` in the link of the mail' }),
  ),
  flow: Type.Optional(
    Type.String({ ...Text, description: 'The `flow` of the answer to the request for the mail' }),
  ),
  code: Type.Optional(MailCode),
}

/** Such a body has the link, or the code with its flow. */
export const HAS_MAIL_PROOF = { anyOf: [{ required: ['ticket'] }, { required: ['flow', 'code'] }] }

export function proofOf({
  ticket,
  flow = '',
  code = '',
}: { [K in keyof typeof MAIL_PROOF]?: string | undefined }): MailProof {
  return ticket === undefined ? { flow, code } : { ticket, flow }
}

/** Of each request for a mail. */
export const FlowAnswer = Type.Object({
  flow: Type.String({
    description: 'Works with the code of the mail. The answer is the same where none is sent',
  }),
})

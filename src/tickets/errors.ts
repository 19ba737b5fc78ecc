import { Problem, type ProblemType } from '../http/problem.js'

const TICKET_INVALID: ProblemType = {
  status: 400,
  code: 'TICKET_INVALID',
  title: 'This link or code is not valid, or no longer',
}

/** One answer for all that is wrong with the link or the code of a mail, so that it tells nothing of an account. */
export const ticketInvalid = (): Problem => new Problem(TICKET_INVALID)

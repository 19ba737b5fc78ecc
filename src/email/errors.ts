import { Problem, type ProblemType } from '../http/problem.js'

/** As for an identity provider that is not configured: what the service does not have, callers cannot find. */
const MAIL_NOT_CONFIGURED: ProblemType = {
  status: 404,
  code: 'MAIL_NOT_CONFIGURED',
  title: 'This service sends no mail',
}

export const mailNotConfigured = (): Problem => new Problem(MAIL_NOT_CONFIGURED)

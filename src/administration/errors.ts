import { Problem, type ProblemType } from '../http/problem.js'

const ADMIN_ACCOUNT: ProblemType = {
  status: 403,
  code: 'ADMIN_ACCOUNT',
  title: 'This is the account of an administrator: the command line alone does this to it',
}

/** @param command of `latchkey admin` that helps. */
export const adminAccount = (command: string): Problem =>
  new Problem(ADMIN_ACCOUNT, { detail: `Use the command line: latchkey admin ${command}.` })

const INVITATION_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'INVITATION_NOT_FOUND',
  title: 'There is no open invitation for this address',
}

export const invitationNotFound = (): Problem => new Problem(INVITATION_NOT_FOUND)

const CURSOR_INVALID: ProblemType = {
  status: 400,
  code: 'VALIDATION_FAILED',
  title: 'The request is not valid',
}

export const cursorInvalid = (): Problem =>
  new Problem(CURSOR_INVALID, {
    errors: [{ field: '/cursor', message: 'must be the cursor of a page of this list' }],
  })

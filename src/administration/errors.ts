import { Problem, type ProblemType } from '../http/problem.js'

const ADMIN_ACCOUNT: ProblemType = {
  status: 403,
  code: 'ADMIN_ACCOUNT',
  title: 'This is the account of an administrator: the command line alone does this to it',
}

/** @param command of `latchkey admin` that helps. */
export const adminAccount = (command: string): Problem =>
  new Problem(ADMIN_ACCOUNT, { detail: `Use the command line: latchkey admin ${command}.` })

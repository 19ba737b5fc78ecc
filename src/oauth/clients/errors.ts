import type { ProblemType } from '../../http/problem.js'

export const CLIENT_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'CLIENT_NOT_FOUND',
  title: 'App not found',
}
export const CLIENT_PUBLIC: ProblemType = {
  status: 409,
  code: 'CLIENT_PUBLIC',
  title: 'A public app has no secret',
}
export const CLIENT_DECLARED: ProblemType = {
  status: 409,
  code: 'CLIENT_DECLARED',
  title: 'The app is declared in the settings of the deployment',
}
export const TOO_MANY_CLIENTS: ProblemType = {
  status: 409,
  code: 'TOO_MANY_CLIENTS',
  title: 'There are as many apps as are allowed',
}
export const CLIENT_REFUSED: ProblemType = {
  status: 400,
  code: 'VALIDATION_FAILED',
  title: 'The request is not valid',
}

import { Problem, type ProblemType } from '../../http/problem.js'
import { OAuthError } from '../errors.js'

/** A request that is refused although its client and its redirect URI are proved: the app is told so. */
export class AuthorizationRefusal extends OAuthError {
  /** Where the browser goes with it. */
  readonly location: string
  /** Whether the app is known by a document alone, for which no one here vouches. */
  readonly isOfDocument: boolean

  constructor({ code, message }: OAuthError, location: string, isOfDocument = false) {
    super(code, message)
    this.location = location
    this.isOfDocument = isOfDocument
  }
}

const CLIENT_UNKNOWN: ProblemType = {
  status: 400,
  code: 'CLIENT_UNKNOWN',
  title: 'No app is registered under this client_id',
}

const REDIRECT_URI_UNKNOWN: ProblemType = {
  status: 400,
  code: 'REDIRECT_URI_UNKNOWN',
  title: 'The app is not registered with this redirect_uri',
}

const AUTHORIZATION_REFUSED: ProblemType = {
  status: 400,
  code: 'AUTHORIZATION_REFUSED',
  title: 'The app can’t have what it asks for',
}

const AUTHORIZATION_REQUEST_ENDED: ProblemType = {
  status: 400,
  code: 'AUTHORIZATION_REQUEST_ENDED',
  title: 'This request of the app has been answered, has expired, or is one of another browser',
}

/*
 * What a person is told here: nothing goes to an address that no one has proved (RFC 6749 §4.1.2.1, RFC 9700 §4.11.2).
 */
export const clientUnknown = (): Problem => new Problem(CLIENT_UNKNOWN)
export const redirectUriUnknown = (): Problem => new Problem(REDIRECT_URI_UNKNOWN)
/** A refusal that its person takes to the app, by a link that says where it leads. */
export const refusedOnPage = ({ message, location }: AuthorizationRefusal): Problem =>
  new Problem(AUTHORIZATION_REFUSED, { detail: message, wayOn: location })
export const requestEnded = (): Problem => new Problem(AUTHORIZATION_REQUEST_ENDED)

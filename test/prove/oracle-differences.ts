/** A way in which our answers differ from those of `oidc-provider`, on purpose. */
export interface Difference {
  /** Names of the cases. */
  readonly of: RegExp
  readonly answers: readonly (readonly [ours: string, theirs: string])[]
  readonly reason: string
}

const CODE = '303 to the app: code'
const SIGN_IN = 'asks to sign in'
const PUSHED = '201 expires_in request_uri'
const PAGE = '400 page'
const INVALID = '303 to the app: invalid_request'
const BY_FRAGMENT = '303 to the app: nothing, without iss, with another state, with a fragment'
const TOKENS = '200 access_token expires_in id_token refresh_token scope token_type'

/** We refuse what they take: at each door in its own words. */
const stricter = (error: string): Difference['answers'] => [
  [`303 to the app: ${error}`, CODE],
  [`303 to the app: ${error}`, SIGN_IN],
  [`400 ${error}`, PUSHED],
]

/** We take what they refuse. */
const laxer = (error: string): Difference['answers'] => [
  [CODE, `303 to the app: ${error}`],
  [SIGN_IN, `303 to the app: ${error}`],
  [PUSHED, `400 ${error}`],
]

export const DIFFERENCES: readonly Difference[] = [
  {
    of: / response_type: "(token|id_token|code id_token|code token)"$/,
    answers: [['303 to the app: unsupported_response_type', BY_FRAGMENT]],
    reason: 'All answers are in the query: no app of ours reads fragments.',
  },
  {
    of: / response_mode: "(fragment|form_post)"$/,
    answers: [
      [INVALID, BY_FRAGMENT],
      [INVALID, '200 page'],
      [INVALID, SIGN_IN],
      ['400 invalid_request', PUSHED],
    ],
    reason: 'The query is the one response mode: a code in a fragment or a form is seen by more.',
  },
  {
    of: / response_mode: "(web_message|query\.jwt)"$/,
    answers: [
      [INVALID, '303 to the app: unsupported_response_mode'],
      ['400 invalid_request', '400 unsupported_response_mode'],
    ],
    reason: 'RFC 6749 §4.1.2.1 has no error of that name.',
  },
  {
    of: / response_type: "code code"$/,
    answers: stricter('unsupported_response_type'),
    reason: 'A response type is compared as it stands.',
  },
  {
    of: / redirect_uri: (left out|"")$/,
    answers: [
      [PAGE, CODE],
      [PAGE, SIGN_IN],
      ['400 invalid_request', PUSHED],
      ['400 invalid_request', `${TOKENS} scope=openid`],
    ],
    reason:
      'Required by OpenID Connect Core §3.1.2.1 and RFC 6749 §4.1.3: an app that registers a second URI works as before.',
  },
  {
    of: / redirect_uri: \["https:\/\/app\.example\.com\/cb",/,
    answers: [[PAGE, INVALID]],
    reason: 'Of two redirect URIs none is proved, and nothing is redirected.',
  },
  {
    of: / scope: "(openid )?(unknown|OPENID|x{20,}.*|admin|user)/,
    answers: [
      ...stricter('invalid_scope'),
      ['303 to the app: invalid_scope', '303 to the app: access_denied'],
    ],
    reason:
      'A scope that nothing has is an error (RFC 6749 §4.1.2.1): a typing error makes no smaller grant.',
  },
  {
    of: / scope: (left out|""|"offline_access")$/,
    answers: [[CODE, '303 to the app: access_denied']],
    reason: 'Plain OAuth is allowed; there, a person is not asked for what OpenID Connect adds.',
  },
  {
    of: / scope: "openid {2}email"$/,
    answers: laxer('invalid_scope'),
    reason: 'A second space between scopes means nothing.',
  },
  {
    of: / (nonce|login_hint): "x{20,}/,
    answers: stricter('invalid_request'),
    reason: 'What is kept with a request has a bound.',
  },
  {
    of: / code_challenge: "a{44}/,
    answers: stricter('invalid_request'),
    reason: 'A challenge by S256 has 43 letters (RFC 7636 §4.2); no verifier fits another.',
  },
  {
    of: / max_age: "( 1000|1e3|0x10)"$/,
    answers: stricter('invalid_request'),
    reason: 'A number of seconds is digits.',
  },
  {
    of: / prompt: "(create|select_account)"$/,
    answers: [...laxer('invalid_request'), ['asks to sign up', INVALID]],
    reason: 'We have these prompts, and they are not told to.',
  },
  {
    of: / prompt: " none"$/,
    answers: [
      [CODE, INVALID],
      ['303 to the app: login_required', INVALID],
      [PUSHED, '400 invalid_request'],
    ],
    reason: 'A space beside a prompt means nothing.',
  },
  {
    of: / (id_token_hint: ("garbage"|"a\.b\.c"|\["a","b"\])|ui_locales: \["de","en"\])$/,
    answers: laxer('invalid_request'),
    reason: 'Parameters that nothing here reads are ignored (RFC 6749 §3.1), whatever they say.',
  },
  {
    of: / acr_values: "(aal1|aal2|aal1 aal2|unknown)"$/,
    answers: [['303 to the app: unmet_authentication_requirements', CODE]],
    reason: 'A level that we do not know is one that no one reaches (RFC 9470 §5).',
  },
  {
    of: /^(GET|GET by a stranger|POST) request_uri: "urn:|^GET of what PAR has kept, a second time$/,
    answers: [[PAGE, '303 to the app: invalid_request_uri']],
    reason:
      'What stands beside request_uri counts for nothing (RFC 9126 §4): without the request no URI is proved.',
  },
  {
    of: /^GET of what PAR has kept, by another client$/,
    answers: [[PAGE, '303 to the app: invalid_request_object, with another state']],
    reason: 'A request of another client is none: nothing is redirected.',
  },
  {
    of: /^PAR client_id: (left out|"")$/,
    answers: [[PUSHED, '400 invalid_request']],
    reason: 'A client that has authenticated need not be named again (RFC 6749 §3.2.1).',
  },
  {
    of: /^(PAR client_id: "|exchange client_id: "|exchange without any client$|refresh client_id: ")/,
    answers: [['401 invalid_client', '400 invalid_request']],
    reason: 'A client that does not prove to be the one it names is refused (RFC 6749 §5.2).',
  },
  {
    of: /^PAR foo: \["a","b"\]$/,
    answers: [['400 invalid_request', PUSHED]],
    reason:
      'No parameter comes twice in a form of a program (RFC 6749 §3.2), unknown ones neither.',
  },
  {
    of: /^PAR request_uri: "/,
    answers: [['400 invalid_request', '400 request_uri_not_supported']],
    reason: 'RFC 9126 §2.1 forbids it, whether or not it is supported elsewhere.',
  },
  {
    of: /^exchange code_verifier: (left out|"")$/,
    answers: [['400 invalid_request', '400 invalid_grant']],
    reason: 'What is missing is an error of the request, which spends no code.',
  },
  {
    of: /^exchange code_verifier: "a{42}/,
    answers: [['400 invalid_grant', '400 invalid_request']],
    reason: 'What can be no verifier is a wrong one, and spends the code.',
  },
  {
    of: /^exchange for openid offline_access$/,
    answers: [[`${TOKENS} scope=offline_access openid`, `${TOKENS} scope=openid`]],
    reason: 'An app is told that it was granted offline_access.',
  },
  {
    of: /^(exchange for one|refresh for the second) API of two$/,
    answers: [[`${TOKENS} scope=admin billing:read shared:read user`, `${TOKENS} scope=`]],
    reason: 'An app of the team has what its person has, where it asks for no scope of the API.',
  },
  {
    of: /^exchange by GET$/,
    answers: [['405 Method not allowed', '404']],
    reason: 'There is such a path, for another method.',
  },
  {
    of: /^refresh scope: "email"$/,
    answers: [
      [
        `${TOKENS} scope=email`,
        '200 access_token expires_in refresh_token scope token_type scope=email',
      ],
    ],
    reason: 'The scope of a refresh narrows the access token; who has signed in is told as before.',
  },
  {
    of: /^userinfo by POST, token in the form$/,
    answers: [['400 invalid_request', '200 sub']],
    reason: 'The header is the one way to send a token (RFC 6750 §2.2 allows more).',
  },
  {
    of: /^userinfo with the token “”$/,
    answers: [['401 invalid_token', '400 invalid_request']],
    reason: 'An empty token is a wrong one.',
  },
  {
    of: /^revoke "a\.b\.c"$/,
    answers: [['400 unsupported_token_type', '200']],
    reason: 'An access token is not revoked, and who tries is told so (RFC 7009 §2.2.1).',
  },
  {
    of: /^revoke a refresh token of another client$/,
    answers: [
      [
        `400 invalid_grant, then ${TOKENS} scope=openid`,
        `400 invalid_request, then ${TOKENS} scope=openid`,
      ],
    ],
    reason: 'RFC 6749 §5.2: invalid_grant is for a refresh token of another client.',
  },
  {
    of: /^logout with /,
    answers: [['200 page', PAGE]],
    reason:
      'A person who wants to sign out can, whatever the app has sent; it is not gone back to.',
  },
]

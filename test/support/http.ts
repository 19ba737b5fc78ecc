import { type Account, type Answer, type Call, newAccount } from './service.js'
import { record, recordSecret } from './transcript.js'

export type Reply = Pick<Answer, 'status' | 'headers' | 'body' | 'text'>

/** A client of a service in another process, over real sockets. */
export interface HttpClient {
  get(path: string, call?: Call): Promise<Reply>
  post(path: string, body: unknown, call?: Call): Promise<Reply>
  /** Registers the account, or one that nobody has. */
  signUp(account?: Account): Promise<Reply & { readonly account: Account }>
  signIn(account: Account): Promise<Reply>
  refresh(refreshToken: string): Promise<Reply>
}

/** All that is sent and heard goes into the transcript. */
export function httpClient(url: string): HttpClient {
  const send = async (method: string, path: string, { token, headers, body }: Call) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return hear(`${method} ${path}`, answer)
  }
  const post: HttpClient['post'] = (path, body, call) => send('POST', path, { ...call, body })
  return {
    get: (path, call = {}) => send('GET', path, call),
    post,
    async signUp(account = newAccount()) {
      const { email, password } = account
      recordSecret('email', email)
      recordSecret('password', password)
      const reply = await post('/api/auth/register', { email, password })
      return { ...reply, account: { ...account, id: reply.body?.user?.id ?? '' } }
    },
    signIn: ({ email, password }) => post('/api/auth/login', { email, password }),
    refresh: (refreshToken) => post('/api/auth/refresh', { refreshToken }),
  }
}

async function hear(request: string, answer: Response): Promise<Reply> {
  const headers = Object.fromEntries(answer.headers)
  const text = await answer.text()
  const isJson = headers['content-type']?.includes('json') === true && text !== ''
  const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : undefined
  recordSecret('token', body?.accessToken)
  recordSecret('token', body?.refreshToken)
  const { status } = answer
  record({ kind: 'response', request, status, headers: JSON.stringify(headers), body: text })
  return { status, headers, body, text }
}

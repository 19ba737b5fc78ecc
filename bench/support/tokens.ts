import { sign } from 'node:crypto'
import { type BenchUser, USERS } from './users.js'

/** An RS256 token of each user, for a day. */
export function newTokens(privateKey: string): (BenchUser & { readonly token: string })[] {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(Date.now() / 1000)
  return USERS.map((user) => {
    const claims = { sub: user.id, role: 'user', iat, exp: iat + 86_400 }
    const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
    const signature = sign('RSA-SHA256', Buffer.from(signed), privateKey)
    return { ...user, token: `${signed}.${signature.toString('base64url')}` }
  })
}

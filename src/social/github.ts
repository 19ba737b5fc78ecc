import { providerError } from './errors.js'
import type { GetJson } from './provider.js'

interface GitHubUser {
  readonly id?: unknown
  readonly name?: unknown
}
interface GitHubEmail {
  readonly email?: unknown
  readonly primary?: unknown
  readonly verified?: unknown
}

/**
 * The profile of a person at GitHub. The numeric id stays; logins and addresses change hands.
 * https://docs.github.com/en/rest/users/users, https://docs.github.com/en/rest/users/emails
 */
export async function githubProfile(api: string, accessToken: string, get: GetJson) {
  const headers = {
    authorization: `Bearer ${accessToken}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  }
  const [user, emails] = await Promise.all([
    get(`${api}/user`, headers) as Promise<GitHubUser | null>,
    get(`${api}/user/emails`, headers),
  ])
  if (!user || !Number.isSafeInteger(user.id)) throw providerError('user_without_id')
  const list = Array.isArray(emails) ? (emails as readonly (GitHubEmail | null)[]) : []
  const primary = list.find((entry) => entry?.primary === true)
  return {
    subject: String(user.id),
    ...(typeof primary?.email === 'string' && { email: primary.email }),
    emailVerified: primary?.verified === true,
    ...(typeof user.name === 'string' && { name: user.name }),
  }
}

import type { User } from '../users/user.js'

/** What an app is told of a person, by its scopes (OpenID Connect Core 1.0 §5.4). */
export const claimsOfPerson = (
  { email, emailVerified, name }: Pick<User, 'email' | 'emailVerified' | 'name'>,
  scopes: readonly string[],
) => ({
  ...(scopes.includes('email') &&
    email !== undefined && { email, email_verified: emailVerified === true }),
  ...(scopes.includes('profile') && name !== undefined && { name }),
})

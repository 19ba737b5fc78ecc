/** The condition that makes a put into the Users table reserve its key. */
export const ABSENT = 'attribute_not_exists(pk)'

export const profileKey = (id: string) => ({ pk: `USER#${id}` })
export const emailKey = (email: string) => ({ pk: `EMAIL#${email}` })

/** What other stores than the users' own read of a profile. */
export interface ProfileItem {
  readonly status: 'active' | 'disabled'
}

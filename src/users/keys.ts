/** Keys of the Users table, and the condition that makes a put reserve one. */
export const ABSENT = 'attribute_not_exists(pk)'

export const profileKey = (id: string) => ({ pk: `USER#${id}` })
export const emailKey = (email: string) => ({ pk: `EMAIL#${email}` })

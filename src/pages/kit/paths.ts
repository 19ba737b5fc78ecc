/** Shows the sign-in form with an address filled in. */
export const SIGN_IN_AS = '/login/address'

/** The form that changes a password. */
export const CHANGE_PASSWORD = '/dashboard#password'

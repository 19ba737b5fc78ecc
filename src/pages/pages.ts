/**
 * What pages are made of. Routes import it late and from here, so that it is one file of the bundle: each file takes
 * a millisecond to load.
 */
export { accountHandlers } from './account/page.js'
export { addressHandlers } from './addresses/page.js'
export { assetHandlers } from './assets/page.js'
export { emailHandlers } from './email/page.js'
export { enrolmentHandlers } from './enrolment/page.js'
export { errorsHandlers } from './errors/page.js'
export { factorHandlers } from './factors/page.js'
export { failureHandler } from './failure/page.js'
export { keepFactorsHandlers } from './keep-factors/page.js'
export { keyHandlers } from './keys/page.js'
export { openContext } from './kit/context.js'
export { mailSignInHandlers } from './mail-sign-in/page.js'
export { resetHandlers } from './reset/page.js'
export { secondStepHandlers } from './second-step/page.js'
export { sessionHandlers } from './sessions/page.js'
export { signInHandlers } from './sign-in/page.js'
export { stepUpHandlers } from './step-up/page.js'
export { userHandlers } from './users/page.js'
export { verifyHandlers } from './verify/page.js'

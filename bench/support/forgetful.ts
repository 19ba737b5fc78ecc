/** Settings of a service that believes nothing that it has read, so that every call reads: the dearest case. */
export const FORGETFUL = {
  // Passkeys belong to a name.
  ISSUER: 'http://localhost',
  VERIFICATION_CACHE_SECONDS: '0',
  RATE_LIMIT_PER_ADDRESS: '100000',
  LOG_LEVEL: 'error',
}

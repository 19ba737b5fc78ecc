import type { Traces } from '../trace.js'

export const DEPENDENCIES: Traces = {
  F32: [
    'social/robustness.test.ts: F32 a provider that is slow or broken',
    'social/evil-provider.test.ts: F32 a provider’s token endpoint that answers nonsense is not believed',
    'entry/fuzz.test.ts: a social sign-in ends in our words, with each answer of a fuzzed provider',
  ],
  F33: [
    'entry/lambda.test.ts: F33 a key ring that a Lambda cannot read is 503, and no reason to start anew',
    'keyring/cached-ring.test.ts: a store that fails leaves an instance the key ring that it has',
    'keyring/cached-ring.test.ts: a store that fails makes an instance without enough of the key ring answer 503',
    'keyring/ring.test.ts: a key stays in the ring until the last token that it made has expired',
  ],
  F34: [
    'limits/rate-limit.test.ts: when the rate limits’ store is away, sign-in is refused with 503 by default',
    'limits/rate-limit.test.ts: when the rate limits’ store is away, sign-in is let on, by configuration',
    'limits/rate-limit.test.ts: when the rate limits’ store is away, an access token is good all the same',
  ],
}

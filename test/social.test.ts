// One process for all of them: each takes a second to start.
import './social/endings.test.js'
import './social/evil-provider.test.js'
import './social/identities.test.js'
import './social/presets.test.js'
import './social/rights.test.js'
import './social/robustness.test.js'
import './social/set-up.test.js'
import './social/sign-in.test.js'

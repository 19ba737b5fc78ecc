// One process for all of them: each takes a second to start.
import './oauth/endings.test.js'
import './oauth/evil-provider.test.js'
import './oauth/identities.test.js'
import './oauth/presets.test.js'
import './oauth/rights.test.js'
import './oauth/robustness.test.js'
import './oauth/set-up.test.js'
import './oauth/sign-in.test.js'

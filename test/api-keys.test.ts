// One process for all of them: each takes a second to start.
import './api-keys/at-once.test.js'
import './api-keys/keys.test.js'
import './api-keys/leaks.test.js'
import './api-keys/limits.test.js'
import './api-keys/restrictions.test.js'
import './api-keys/settings.test.js'
import './api-keys/verification.test.js'
import './machine-tokens/oauth.test.js'

// One process for all of them: each takes two seconds to start.
import './api-keys/keys.test.js'
import './api-keys/leaks.test.js'
import './api-keys/limits.test.js'
import './api-keys/verification.test.js'

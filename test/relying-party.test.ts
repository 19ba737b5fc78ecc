// One process for all of them: each takes a second to start.
import './client/client.test.js'
import './client/cookies.test.js'
import './client/types.test.js'
import './relying-party/api-key.test.js'
import './relying-party/guards.test.js'
import './relying-party/jwt.test.js'
import './relying-party/step-up.test.js'

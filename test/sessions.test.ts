// One process for all of them: each takes a second to start.
import './keyring/file-key-ring.test.js'
import './keyring/ring.test.js'
import './sessions/cookies.test.js'
import './sessions/refresh.test.js'
import './sessions/sessions.test.js'

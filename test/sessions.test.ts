// One process for all of them: each takes two seconds to start.
import './sessions/cookies.test.js'
import './sessions/ratchet.test.js'
import './sessions/refresh.test.js'
import './sessions/sessions.test.js'

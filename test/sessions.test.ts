// One process for all of them: each takes a second to start.
import './keyring/file-key-ring.test.js'
import './keyring/ring.test.js'
import './sessions/cookies.test.js'
import './sessions/lost-answer.test.js'
import './sessions/refresh.test.js'
import './sessions/replaced.test.js'
import './sessions/replay.test.js'
import './sessions/sessions.test.js'

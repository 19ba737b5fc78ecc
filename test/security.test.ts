// One process for all of them: each takes a second to start.
import './security/http.test.js'
import './security/jwt.test.js'
import './security/limiter.test.js'
import './security/oauth.test.js'
import './security/sessions.test.js'
import './security/text.test.js'
import './security/who.test.js'
import './security/wire.test.js'

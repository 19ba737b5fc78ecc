// One process for all of them: each takes a second to start.
import './plugins/cors.test.js'
import './plugins/dynamodb.test.js'
import './plugins/errors.test.js'
import './plugins/openapi.test.js'
import './plugins/rate-limit.test.js'
import './resources/protected.test.js'
import './support/browser.test.js'
import './support/leaks.test.js'

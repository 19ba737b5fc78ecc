// One process for all of them: each takes a second to start.
import './factors/enrolment.test.js'
import './factors/second-step.test.js'
import './factors/totp.test.js'

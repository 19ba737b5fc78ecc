// One process for all of them: each takes a second to start.
import './factors/enrolment.test.js'
import './factors/keep-signed-in.test.js'
import './factors/planted.test.js'
import './factors/sealed-secret.test.js'
import './factors/second-factors.test.js'
import './factors/second-step.test.js'
import './factors/trusted-devices.test.js'
import './factors/totp.test.js'

// One process for all of them: each takes a second to start.
import './infra/edge.test.js'
import './infra/leave-out.test.js'
import './infra/mail.test.js'
import './infra/stacks.test.js'

// One process for all of them: each takes a second to start.
import './email/delivery.test.js'
import './email/templates.test.js'
import './pages/reset.test.js'
import './pages/verify.test.js'
import './sign-in/password-reset.test.js'
import './sign-in/verification.test.js'
import './tickets/mail-tickets.test.js'

// One process for all of them: each takes a second to start.
import './aws/ses-mailer.test.js'

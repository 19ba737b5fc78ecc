// One process for all of them: each takes a second to start.
import './aws/deployment.test.js'
import './aws/self-check.test.js'
import './aws/ses-mailer.test.js'
import './dynamodb/adoption.test.js'

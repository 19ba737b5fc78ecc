// One process for all of them: the app and its compiled code warm up once.
import '../email.test.js'
import '../factors.test.js'
import '../oauth.test.js'

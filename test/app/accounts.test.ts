// One process for all of them: the app and its compiled code warm up once.
import '../sessions.test.js'
import '../social.test.js'
import '../users.test.js'

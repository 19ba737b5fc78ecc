// One process for all of them: the app and its compiled code warm up once.
import '../api-keys.test.js'
import '../plugins.test.js'
import '../security.test.js'

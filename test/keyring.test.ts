// One process for all of them: each takes two seconds to start.
import './keyring/file-key-ring.test.js'
import './keyring/ring.test.js'

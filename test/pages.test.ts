// One process for all of them: each takes a second to start.
import './client/browser.test.js'
import './pages/browser.test.js'
import './pages/forms.test.js'
import './pages/lost-factors.test.js'
import './pages/pages.test.js'
import './pages/plain-http.test.js'
import './pages/second-factors.test.js'

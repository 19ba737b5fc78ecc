// One process for all of them: each takes a second to start.
import './pages/browser.test.js'
import './pages/pages.test.js'

// The browser of `npm test`, with every page in each colour scheme at each width.
import '../pages/browser.test.js'

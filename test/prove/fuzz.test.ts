// The fuzz of `npm test`, with as many requests as `npm run prove -- --requests` says.
import '../entry/fuzz.test.js'

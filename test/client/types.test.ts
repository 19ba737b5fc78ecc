import { readFileSync } from 'node:fs'
import t from 'tap'
import { CLIENT_TYPES, clientTypes } from '../support/client-types.js'

t.test(
  'the client’s types are those of the contract; if not, run `npm run generate`',
  async (t) => {
    t.equal(readFileSync(CLIENT_TYPES, 'utf8'), await clientTypes())
  },
)

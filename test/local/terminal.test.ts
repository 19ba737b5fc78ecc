import t from 'tap'
import { freePort } from '../../src/local/free-port.js'
import { listenError } from '../../src/local/listen.js'
import { terminalLine } from '../../src/local/terminal-line.js'

const LINE = {
  level: 'INFO',
  timestamp: '2026-11-25T12:00:01.000Z',
  service: 'latchkey',
  sampling_rate: 0,
}

t.test('a log line of the local server at a terminal', async (t) => {
  const time = new Date(LINE.timestamp).toTimeString().slice(0, 8)
  const line = (fields: object) => terminalLine({ ...LINE, ...fields })
  t.equal(
    line({
      message: 'authn_login_success',
      event: 'authn_login_success',
      userId: 'u1',
      cached: true,
    }),
    `${time} INFO  authn_login_success userId=u1 cached=true`,
    'says an event once, and leaves out what is always the same',
  )
  t.equal(line({ message: 'm', route: 'a b=c' }), `${time} INFO  m route="a b=c"`)
  t.equal(line({ message: 'm', list: ['a', 1] }), `${time} INFO  m list=["a",1]`)
  const hostile = line({ message: 'a\u001b[31m\nb', route: '\u001b]0;title\u0007\nroot' })
  t.notMatch(hostile, /[\u0000-\u001f\u007f-\u009f]/, 'nothing controls the terminal')
  const error = { name: 'Error', message: 'no', stack: 'Error: no\n    at f' }
  t.equal(line({ message: 'm', error }), `${time} INFO  m\n    Error: no\n        at f`)
})

t.test('a refusal of the system tells the local server’s user what to do', async (t) => {
  const refused = (code: string, port: number) =>
    listenError(Object.assign(new Error(), { code }), '127.0.0.1', port) as Error
  t.match(refused('EACCES', 80).message, /^Port 80 needs privileges.*Set PORT to 1024 or more\.$/)
  t.match(refused('EACCES', 4000).message, /^Can't listen on 127\.0\.0\.1:4000 \(EACCES\)/)
  t.match(refused('EADDRINUSE', 80).message, /^Port 80 on 127\.0\.0\.1 is taken/)
})

t.test(
  'a free port is looked for by the local server on the addresses that there are',
  async (t) => {
    t.ok(await freePort('127.0.0.1', '203.0.113.1'))
    await t.rejects(freePort('203.0.113.1'), { code: 'EADDRNOTAVAIL' })
  },
)

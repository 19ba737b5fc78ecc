import t from 'tap'
import { ProgressBar } from '../../src/local/progress-bar.js'

function drawn(isTTY: boolean, use: (bar: ProgressBar) => void, total = 1000): string {
  const texts: string[] = []
  const screen = { isTTY, write: (text: string) => texts.push(text) }
  use(new ProgressBar(screen, total))
  return texts.join('')
}

t.test('a terminal sees how far a command has come, once for each percent', async (t) => {
  const said = drawn(true, (bar) => {
    for (let step = 0; step < 1000; step++) bar.advance(1)
    bar.end()
  })
  t.equal(said.split('\r').length - 1, 101)
  t.match(said, '\r[###############---------------] 50 %, 500 of 1000')
  t.ok(said.endsWith('[##############################] 100 %, 1000 of 1000\n'))
})

t.test('accounts that came meanwhile, or none at all, are no more than all', async (t) => {
  t.match(
    drawn(true, (bar) => bar.advance(3), 2),
    '] 100 %, 3 of 2',
  )
  t.match(
    drawn(true, (bar) => bar.end(), 0),
    '] 100 %, 0 of 0\n',
  )
})

t.test('a line of text stands above the bar, and alone where there is none', async (t) => {
  const say = (bar: ProgressBar) => bar.note('line 7: is no JSON')
  t.match(drawn(true, say, 2), '\r\x1b[Kline 7: is no JSON\n\r[----')
  t.equal(drawn(false, say), 'line 7: is no JSON\n')
})

t.test('a file or a pipe gets no bar', async (t) => {
  t.equal(
    drawn(false, (bar) => {
      bar.advance(500)
      bar.end()
    }),
    '',
  )
})

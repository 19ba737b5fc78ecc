import t from 'tap'
import { acceptedStep, base32Of, totpAt, totpUri } from '../../src/factors/totp.js'
import { SECOND } from '../support/clock.js'

/** Of RFC 6238 Appendix B. */
const SECRET = Buffer.from('12345678901234567890')
const STEP = 30 * SECOND

t.test('one-time passwords (TOTP) are those of RFC 6238 Appendix B', async (t) => {
  const vectors: readonly (readonly [seconds: number, password: string])[] = [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ]
  for (const [seconds, password] of vectors) {
    // Its vectors have eight digits, of which ours are the last six (RFC 4226 §5.3).
    const ours = password.slice(2)
    t.equal(totpAt(SECRET, Math.floor(seconds / 30)), ours)
    t.equal(acceptedStep(SECRET, ours, seconds * SECOND), Math.floor(seconds / 30))
  }
  t.equal(base32Of(SECRET), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
})

t.test(
  'the clock of a phone that makes one-time passwords (TOTP) may be a step early or late',
  async (t) => {
    const step = 50_000_000
    const accept = (of: number, lastStep?: number) =>
      acceptedStep(SECRET, totpAt(SECRET, of), step * STEP + 12 * SECOND, lastStep)
    for (const drift of [-1, 0, 1]) t.equal(accept(step + drift), step + drift)
    for (const drift of [-2, 2]) t.equal(accept(step + drift), undefined)
    t.equal(accept(step, step - 1), step)
    t.equal(accept(step, step), undefined, 'a step is good once')
    t.equal(accept(step - 1, step), undefined, 'and with it each before it')
  },
)

t.test('a one-time password (TOTP) is six digits, with spaces as apps show it', async (t) => {
  const step = 50_000_000
  const right = totpAt(SECRET, step)
  const accept = (typed: string) => acceptedStep(SECRET, typed, step * STEP)
  t.equal(accept(` ${right.slice(0, 3)} ${right.slice(3)}\n`), step)
  for (const typed of ['', right.slice(1), `${right}0`, `0${right}`, right.replace(/^./, 'x')]) {
    t.equal(accept(typed), undefined, JSON.stringify(typed))
  }
  const wide = right.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
  t.equal(accept(wide), undefined, 'digits of another script are none')
})

t.test('the URI of a TOTP secret has the issuer and the account', async (t) => {
  const uri = new URL(totpUri(SECRET, 'Acme & Söhne: #1', 'ada@example.com'))
  t.equal(uri.protocol, 'otpauth:')
  t.equal(uri.host, 'totp')
  t.equal(decodeURIComponent(uri.pathname), '/Acme & Söhne: #1:ada@example.com')
  t.same(Object.fromEntries(uri.searchParams), {
    issuer: 'Acme & Söhne: #1',
    secret: base32Of(SECRET),
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
})

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import { CALLBACK } from '../../support/authorization.js'
import { newApp, newPkce, SIGNED_OUT } from '../../support/code-flow.js'
import { realClock } from '../../support/example.js'
import { startIssuer } from '../../support/issuer.js'
import { Person } from '../../support/person.js'
import { recordSecret } from '../../support/transcript.js'

/** Debian's own Python, which has Authlib where `.ci/run` installs it. */
const PYTHON = '/usr/bin/python3'
const hasAuthlib = spawnSync(PYTHON, ['-c', 'import authlib, requests']).status === 0

t.test(
  'Authlib, for Python',
  { skip: hasAuthlib ? false : 'python3-authlib is not installed' },
  async (t) => {
    const { service, url } = await startIssuer(t, { clock: realClock() })
    const account = await service.signUp()
    const app = await newApp(service)
    const program = spawn(PYTHON, ['-B', `${import.meta.dirname}/authlib_client.py`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    t.teardown(() => program.kill())
    const lines = createInterface({ input: program.stdout })
    const say = (line: string) => program.stdin.write(`${line}\n`)
    const ended = once(program, 'exit').then(() => {
      throw new Error('the program ended without an answer')
    })
    const hear = async () => {
      const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
      return JSON.parse(line) as Readonly<Record<string, any>>
    }

    const hears = hear()
    say(
      JSON.stringify({
        issuer: url,
        client_id: app.clientId,
        client_secret: app.secret,
        redirect_uri: CALLBACK,
        verifier: newPkce().verifier,
      }),
    )
    const { uri } = await hears
    const person = new Person(account)
    const { location = '' } = await person.open(String(uri), {
      until: (next) => next.startsWith(CALLBACK),
    })
    const ends = hear()
    say(location)
    const { metadata, token, claims, userinfo, refreshed } = await ends
    for (const each of [token, refreshed]) {
      recordSecret('token', each.access_token)
      recordSecret('token', each.refresh_token)
    }
    t.match(claims, { sub: account.id, aud: app.clientId })
    t.match(userinfo, { sub: account.id, email: account.email })
    t.not(refreshed.access_token, token.access_token)
    const answer = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${app.clientId}:${app.secret}`).toString('base64')}`,
      },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshed.refresh_token,
      }),
    })
    t.equal(answer.status, 400, 'and has given its grant up')

    const leave = new URL(String(metadata.end_session_endpoint))
    leave.searchParams.set('id_token_hint', token.id_token)
    leave.searchParams.set('post_logout_redirect_uri', SIGNED_OUT)
    const gone = await person.open(leave.href, { until: (next) => next.startsWith(SIGNED_OUT) })
    t.equal(gone.location, SIGNED_OUT)
    const { location: back } = await person.browser.visit(`${url}/dashboard`)
    t.match(back, '/login', 'the person has signed out')
  },
)

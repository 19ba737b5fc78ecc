import t from 'tap'
import {
  matchesRedirect,
  redirectTarget,
  redirectUriFault,
} from '../../../src/oauth/clients/redirect-uri.js'
import { HOSTILE_REDIRECTS } from '../../support/hostile-redirects.js'
import { ISSUER } from '../../support/service.js'

const GOOD = [
  'https://app.example.com/callback',
  'https://app.example.com/',
  'https://app.example.com:8443/auth/callback?tenant=a%2Fb',
  'https://xn--mnchen-3ya.example/cb',
  'https://app.example.com/%C3%A9',
  'https://localhost:5173/cb',
  'http://localhost:5173/cb',
  'http://localhost/callback',
  'http://127.0.0.1/callback',
  'http://127.0.0.1:51004/callback',
  'http://[::1]/callback',
  'com.example.app:/callback',
  'com.example.my-app:/',
]

t.test('redirect URIs', async (t) => {
  t.test(
    'redirect URIs of apps on the web, on a machine and on a phone may be registered',
    async (t) => {
      for (const uri of GOOD) t.equal(redirectUriFault(uri, ISSUER), undefined, uri)
    },
  )

  t.test(
    'redirect URIs that are hostile may not be registered, with a reason, more than 100 of them',
    async (t) => {
      t.ok(new Set(HOSTILE_REDIRECTS).size > 100)
      for (const uri of HOSTILE_REDIRECTS) {
        t.type(redirectUriFault(uri, ISSUER), 'string', JSON.stringify(uri))
      }
    },
  )

  t.test('redirect URIs that are refused are told how a browser writes them', async (t) => {
    const fault = redirectUriFault('https://app.example.com', ISSUER)
    t.equal(fault, 'must be written https://app.example.com/')
  })

  t.test('redirect URIs are compared letter for letter', async (t) => {
    for (const uri of GOOD) {
      t.ok(matchesRedirect(uri, uri), uri)
      const others = [`${uri}x`, `${uri}/`, `${uri}?`, `${uri}#`, uri.toUpperCase(), ` ${uri}`]
      for (const other of [...others, uri.slice(0, -1), uri.replace('://', '://x@'), '']) {
        t.equal(other !== uri && matchesRedirect(uri, other), false, `${uri} and ${other}`)
      }
      for (const other of GOOD) {
        t.equal(matchesRedirect(uri, other), other === uri || isSameLoopback(uri, other))
      }
    }
  })

  t.test(
    'redirect URIs take any port of a loopback address, and change nothing else',
    async (t) => {
      for (const host of ['127.0.0.1', '[::1]']) {
        for (const registered of [`http://${host}/cb?x=1`, `http://${host}:3000/cb?x=1`]) {
          for (const port of ['', ':1', ':80', ':3000', ':65535']) {
            t.ok(matchesRedirect(registered, `http://${host}${port}/cb?x=1`), registered + port)
          }
          const others = [
            ...[':0', ':00080', ':65536', ':99999', ':', ':-1', ':80:80', ':8o', ':80@a.example'],
            ...['.a.example', ':1@a.example', '@a.example', '%00', '\\@a.example'],
          ].map((port) => `http://${host}${port}/cb?x=1`)
          const places = [`http://${host}:1/other?x=1`, `http://${host}:1/cb`, `http://${host}:1`]
          const schemes = [`https://${host}:1/cb?x=1`, `HTTP://${host}:1/cb?x=1`]
          const hosts = [
            'http://localhost:1/cb?x=1',
            'http://127.0.0.2:1/cb?x=1',
            'http://127.1/cb?x=1',
          ]
          for (const other of [...others, ...places, ...schemes, ...hosts]) {
            t.notOk(matchesRedirect(registered, other), `${registered} and ${other}`)
          }
        }
      }
      t.notOk(matchesRedirect('http://127.0.0.1/cb', 'http://[::1]:1/cb'), 'the other address')
    },
  )

  t.test(
    'redirect URIs of the name localhost take any port only where none is registered',
    async (t) => {
      t.ok(matchesRedirect('http://localhost/cb', 'http://localhost:51004/cb'))
      t.notOk(matchesRedirect('http://localhost/cb', 'http://127.0.0.1:51004/cb'))
      t.notOk(matchesRedirect('http://localhost:5173/cb', 'http://localhost:5174/cb'))
      t.notOk(matchesRedirect('http://localhost:5173/cb', 'http://localhost/cb'))
      t.notOk(matchesRedirect('https://localhost/cb', 'https://localhost:1/cb'), 'by https, never')
      t.notOk(matchesRedirect('https://a.example/cb', 'https://a.example:1/cb'))
    },
  )

  t.test('redirect URIs tell who may be listening, and the source for form-action', async (t) => {
    t.same(redirectTarget('https://app.example.com:8443/cb?x=1'), {
      kind: 'https',
      host: 'app.example.com:8443',
      source: 'https://app.example.com:8443',
    })
    t.same(redirectTarget('http://127.0.0.1:51004/cb'), {
      kind: 'loopback',
      host: '127.0.0.1:51004',
      source: 'http://127.0.0.1:51004',
    })
    t.same(redirectTarget('com.example.app:/cb'), {
      kind: 'scheme',
      host: 'com.example.app',
      source: 'com.example.app:',
    })
    for (const host of [
      'localhost',
      '127.0.0.1',
      '127.9.9.9',
      '[::1]',
      'a.localhost',
      'localhost.',
    ]) {
      t.equal(redirectTarget(`https://${host}/cb`).kind, 'loopback', host)
    }
    t.equal(redirectTarget('https://localhost.example.com/cb').kind, 'https')
    t.equal(redirectTarget('https://127.0.0.1.example.com/cb').kind, 'https')
  })
})

/** Of those above: the same but for the port. */
const isSameLoopback = (uri: string, other: string) =>
  [uri, other].every((text) => text.startsWith('http://127.0.0.1')) ||
  (uri === 'http://localhost/callback' && other.startsWith('http://localhost/callback'))

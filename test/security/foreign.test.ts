import t from 'tap'
import {
  ForeignFailure,
  type ForeignFault,
  ForeignFetcher,
  type ForeignNetwork,
} from '../../src/http/foreign/fetcher.js'
import { isGlobalAddress } from '../../src/http/foreign/global-address.js'
import { ELSEWHERE, startForeignHosts } from '../support/foreign.js'

const HOST = 'app.example'
const URL_OF_IT = `https://${HOST}/client.json`

/** Why a fetch failed. */
async function faultOf(fetched: Promise<unknown>): Promise<ForeignFault | undefined> {
  try {
    await fetched
    return undefined
  } catch (error) {
    if (error instanceof ForeignFailure) return error.fault
    throw error
  }
}

t.test(
  'V1.3.6 the fetcher of foreign URLs connects only to global unicast addresses',
  async (t) => {
    for (const address of [
      ...[
        '93.184.215.14',
        '8.8.8.8',
        '100.63.255.255',
        '100.128.0.0',
        '172.15.255.255',
        '172.32.0.0',
      ],
      ...['192.0.1.0', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
      ...['2606:4700::1111', '2a00:1450:4001::200e', '2001:200::1', '2003::1'],
    ]) {
      t.ok(isGlobalAddress(address), address)
    }
    for (const address of [
      ...[
        '0.0.0.0',
        '0.1.2.3',
        '10.0.0.1',
        '100.64.0.1',
        '100.127.255.255',
        '127.0.0.1',
        '127.9.9.9',
      ],
      ...[
        '169.254.169.254',
        '169.254.170.2',
        '172.16.0.1',
        '172.31.255.255',
        '192.0.0.8',
        '192.0.2.1',
      ],
      ...[
        '192.88.99.1',
        '192.168.1.1',
        '198.18.0.1',
        '198.19.255.255',
        '198.51.100.1',
        '203.0.113.1',
      ],
      ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
      ...['::', '::1', '::ffff:93.184.215.14', '::ffff:7f00:1', '::93.184.215.14', 'fe80::1'],
      ...['fe80::1%eth0', 'fec0::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '64:ff9b::7f00:1'],
      ...['64:ff9b:1::1', '100::1', '2001::1', '2001:20::1', '2001:db8::1', '2002:7f00:1::1'],
      ...['3fff::1', '5f00::1', '4000::1', 'not an address', '', '93.184.215.14.', '0x7f000001'],
    ]) {
      t.notOk(isGlobalAddress(address), address)
    }
  },
)

t.test('V1.3.6 a foreign URL that a stranger names is fetched without harm', async (t) => {
  const hosts = await startForeignHosts(t, [HOST])
  const fetcher = new ForeignFetcher({ ownHosts: ['auth.example'], network: hosts.network })
  const at = (path: string) => `https://${HOST}${path}`

  t.test(
    'a foreign URL is fetched as a small JSON document, at the address that was checked',
    async (t) => {
      hosts.records.set(HOST, ['2606:4700::1111', ELSEWHERE])
      hosts.json(
        '/client.json',
        { a: 'é' },
        { 'cache-control': 'max-age=300', 'set-cookie': 'a=b' },
      )
      t.same(await fetcher.getJson(URL_OF_IT), { value: { a: 'é' }, cacheControl: 'max-age=300' })
      t.same(hosts.connected, [`${ELSEWHERE} ${HOST}`])
      t.same(hosts.asked, [`GET ${HOST}/client.json`])
      await fetcher.getJson(URL_OF_IT)
      t.same(Object.keys(hosts.headers).sort(), [
        ...['accept', 'accept-encoding', 'connection', 'host', 'user-agent'],
      ])
      hosts.records.set(HOST, ['2606:4700::1111'])
      await fetcher.getJson(URL_OF_IT)
      t.match(hosts.connected.at(-1), /^2606:4700::1111 /)
      hosts.records.delete(HOST)
    },
  )

  t.test('no other foreign URL is fetched', async (t) => {
    hosts.connected.length = 0
    for (const url of [
      ...['http://app.example/a', 'https://app.example:8443/a', 'https://app.example:443/a'],
      ...['https://user@app.example/a', 'https://:p@app.example/a', 'https://app.example/a#b'],
      ...['https://app.example/a#', 'https://app.example', 'https://APP.example/a'],
      ...['https://app.example/a/../b', 'https://app.example/%2e%2e/b', 'https://app.example\\a'],
      ...[
        'https://localhost/a',
        'https://app.example./a',
        'https://127.0.0.1/a',
        'https://[::1]/a',
      ],
      ...['https://0x7f.1/a', 'https://2130706433/a', 'https://app_1.example/a', ' https://a.b/c'],
      ...[
        'https://a.b/c\n',
        'file:///etc/passwd',
        'ftp://app.example/a',
        'javascript:alert(1)',
        '',
      ],
      ...['https://①②⑦.0.0.1/a', 'https://a..b/c', `https://${'a'.repeat(64)}.example/a`],
    ]) {
      t.equal(await faultOf(fetcher.getJson(url)), 'url', url)
    }
    t.equal(await faultOf(fetcher.getJson('https://auth.example/a')), 'own_host')
    t.same(hosts.connected, [])
  })

  t.test(
    'no foreign name with a record that is not global, or with none, is fetched',
    async (t) => {
      for (const addresses of [
        ['127.0.0.1'],
        [ELSEWHERE, '10.0.0.1'],
        ['::ffff:93.184.215.14'],
        [ELSEWHERE, 'fd00:ec2::254'],
      ]) {
        hosts.records.set(HOST, addresses)
        t.equal(await faultOf(fetcher.getJson(URL_OF_IT)), 'address', addresses.join())
      }
      hosts.records.set(HOST, [])
      t.equal(await faultOf(fetcher.getJson(URL_OF_IT)), 'name')
      hosts.records.delete(HOST)
      t.same(hosts.connected, [])
    },
  )

  t.test('no other answer of a foreign URL is taken', async (t) => {
    const json = { 'content-type': 'application/json' }
    const answers: [fault: ForeignFault, status: number, headers: object, body?: string][] = [
      ['redirect', 302, { location: 'https://app.example/client.json' }],
      ['redirect', 307, { location: 'http://169.254.169.254/' }],
      ['redirect', 304, {}],
      ['status', 404, json, '{}'],
      ['status', 500, json, '{}'],
      ['status', 206, json, '{}'],
      ['type', 200, {}, '{}'],
      ['type', 200, { 'content-type': 'text/html' }, '{}'],
      ['type', 200, { 'content-type': 'application/json; charset=latin1' }, '{}'],
      ['type', 200, { 'content-type': 'application/jsonp' }, '{}'],
      ['encoding', 200, { ...json, 'content-encoding': 'gzip' }, '{}'],
      ['size', 200, { ...json, 'content-length': '5121' }, '{}'],
      ['size', 200, json, JSON.stringify('x'.repeat(5119))],
      ['json', 200, json, ''],
      ['json', 200, json, '{'],
      ['json', 200, json, '\uFEFF{}'],
      ['unreachable', 200, { ...json, 'x-large': 'x'.repeat(9000) }, '{}'],
    ]
    for (const [index, [fault, status, headers, body]] of answers.entries()) {
      const path = `/answer/${index}`
      hosts.respond(path, (_request, response) => {
        response.writeHead(status, headers as Record<string, string>)
        response.flushHeaders()
        response.end(body)
      })
      t.equal(await faultOf(fetcher.getJson(at(path))), fault, `${index} ${fault}`)
    }
    hosts.respond('/latin1', (_request, response) => {
      response.writeHead(200, json).end(Buffer.from('"é"', 'latin1'))
    })
    t.equal(await faultOf(fetcher.getJson(at('/latin1'))), 'json')
    hosts.respond('/cut', (_request, response) => {
      response.writeHead(200, { ...json, 'content-length': '9' }).write('{')
      response.destroy()
    })
    t.equal(await faultOf(fetcher.getJson(at('/cut'))), 'unreachable')
    hosts.respond('/hung', (request) => request.socket.destroy())
    t.equal(await faultOf(fetcher.getJson(at('/hung'))), 'unreachable')
  })

  t.test('as much as 5 kB of a foreign URL is fetched, of any JSON type', async (t) => {
    const large = 'x'.repeat(5118)
    hosts.json('/large', large)
    t.match(await fetcher.getJson(at('/large')), { value: large })
    for (const type of ['application/ld+json', 'application/json;charset=UTF-8']) {
      hosts.json('/typed', {}, { 'content-type': type })
      t.match(await fetcher.getJson(at('/typed')), { value: {} }, type)
    }
  })

  t.test('a foreign URL is fetched from the name’s own certificate', async (t) => {
    const other = 'other.example'
    t.equal(await faultOf(fetcher.getJson(`https://${other}/client.json`)), 'unreachable')
    t.equal(hosts.connected.at(-1), `${ELSEWHERE} ${other}`)
    t.notMatch(hosts.asked, [`GET ${other}/client.json`])
  })

  t.test(
    'a foreign URL is fetched in its time, in which the name and the last byte have to come',
    async (t) => {
      const never = new Promise<never>(() => undefined)
      const resolving: ForeignNetwork = { ...hosts.network, resolve: () => never }
      for (const network of [resolving, hosts.network]) {
        hosts.respond('/slow', (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' }).write('{')
        })
        const hurried = new ForeignFetcher({ ownHosts: [], network, timeoutMs: 100 })
        t.equal(await faultOf(hurried.getJson(at('/slow'))), 'late')
      }
    },
  )
})

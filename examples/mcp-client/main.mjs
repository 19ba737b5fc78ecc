// An MCP client on a person's own machine. Of a server it knows the URL alone: the server's answers say who gives out
// its tokens, and when one with a wider scope is needed.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'

const {
  SERVER: server = 'http://localhost:4003/mcp',
  // The `https` URL of a document that describes this client; or the id of an app that an administrator has registered.
  CLIENT_ID: clientId = '',
} = process.env

/** The browser brings the answer here (RFC 8252 §7.3); the system chooses the port. */
const listener = createServer((_request, response) => response.end('You can close this tab.'))
listener.listen(0, '127.0.0.1')
await once(listener, 'listening')
const redirectUrl = `http://127.0.0.1:${listener.address().port}/callback`

/** A client that people install keeps this where the system keeps secrets. */
const kept = {}
const identity = clientId.startsWith('https:')
  ? {
      clientMetadataUrl: clientId,
      clientInformation: () => kept.client,
      saveClientInformation: (client) => void (kept.client = client),
    }
  : { clientInformation: () => ({ client_id: clientId }) }
const provider = {
  ...identity,
  redirectUrl,
  clientMetadata: {
    client_name: 'Notebook',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
  },
  tokens: () => kept.tokens,
  saveTokens: (tokens) => void (kept.tokens = tokens),
  discoveryState: () => kept.discovery,
  saveDiscoveryState: (discovery) => void (kept.discovery = discovery),
  codeVerifier: () => kept.verifier,
  saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
  state: () => (kept.state = randomUUID()),
  redirectToAuthorization(url) {
    kept.answer = once(listener, 'request')
    console.log(`Open ${url}`)
  },
}

/** Calls the server; where it wants a token that only the person can give, asks them and calls again. */
async function call(action) {
  const transport = new StreamableHTTPClientTransport(new URL(server), { authProvider: provider })
  const client = new Client({ name: 'notebook', version: '1.0.0' })
  try {
    await client.connect(transport)
    return await action(client)
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error
    await transport.finishAuth(await answerOf(await kept.answer))
  } finally {
    await client.close()
  }
  return call(action)
}

/** What the browser has brought. Only the answer to our own question counts (RFC 9700 §4.7). */
function answerOf([{ url }]) {
  const { searchParams } = new URL(url, redirectUrl)
  if (searchParams.get('state') === kept.state) return searchParams
  throw new Error('The answer is not to the question of this client.')
}

const use = async (name, args = {}) => {
  const { content } = await call((client) => client.callTool({ name, arguments: args }))
  console.log(content[0].text)
}

await use('read-notes')
await use('write-note', { note: 'Buy milk' })
await use('read-notes')
listener.close()
listener.closeAllConnections()

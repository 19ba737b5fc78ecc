// An MCP server of notes: everyone who may use it reads them, and a token with a wider scope writes them.
import { serve } from '@hono/node-server'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import { protectMcpServer, scopesOfCall, VerificationError } from 'latchkey/mcp'
import { z } from 'zod'

const {
  ISSUER: issuer = 'http://localhost:3000',
  // What the service's RESOURCES calls this server: a token for anything else is refused.
  RESOURCE: resource = 'http://localhost:4003/mcp',
  PORT = '4003',
} = process.env

const mcp = protectMcpServer({ issuer, resource, name: 'Notes', scopes: ['notes:read'] })
/** A client that calls one of these without the scope is told to ask for it. */
const SCOPES = { 'write-note': ['notes:write'] }

const notes = []
const text = (words) => ({ content: [{ type: 'text', text: words }] })

const handler = createMcpHandler(({ authInfo }) => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  server.registerTool('read-notes', { description: 'Reads all notes' }, async () =>
    text(notes.map(({ by, note }) => `${by}: ${note}`).join('\n') || 'There are no notes.'),
  )
  server.registerTool(
    'write-note',
    { description: 'Writes a note', inputSchema: z.object({ note: z.string().max(1000) }) },
    async ({ note }) => {
      notes.push({ by: authInfo.extra.sub, note })
      return text('It is written.')
    },
  )
  return server
})

const app = new Hono()
app.get(mcp.metadataPath, () => mcp.protectedResourceMetadata())
app.all(new URL(resource).pathname, async (context) => {
  const request = context.req.raw
  const message = request.method === 'POST' ? await request.clone().json() : undefined
  const authorization = context.req.header('authorization')
  const authInfo = await mcp.requireToken(authorization, scopesOfCall(message, SCOPES))
  return handler.fetch(request, { authInfo })
})
app.onError((error, context) => {
  if (error instanceof VerificationError) return error.toResponse()
  if (error instanceof SyntaxError) return context.text('Bad Request', 400)
  return context.text('Internal Server Error', 500)
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}${new URL(resource).pathname}`)
})

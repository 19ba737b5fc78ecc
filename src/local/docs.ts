import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import type { ApiDocument } from '../http/openapi/links.js'

/** What the page is made of, all of it our own; no upgrade to TLS, which a local server does not speak. */
const POLICY = {
  'default-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3453d1"/><path fill="#fff" d="M16 7a5 5 0 0 0-2.2 9.5L12.4 25h7.2l-1.4-8.5A5 5 0 0 0 16 7z"/></svg>`

/** The product's mark before its name: the page has no bar that could show it. */
const STYLE = `
.swagger-ui .info .title::before {
  content: '';
  display: inline-block;
  width: 1em;
  height: 1em;
  margin-right: 0.4em;
  vertical-align: -0.1em;
  background: url("data:image/svg+xml;base64,${Buffer.from(ICON).toString('base64')}");
}
`

const THEME = {
  title: 'Latchkey API',
  css: [{ filename: 'latchkey.css', content: STYLE }],
  favicon: [
    { filename: 'latchkey.svg', rel: 'icon', sizes: 'any', type: 'image/svg+xml', content: ICON },
  ],
}

/** Without the bar of `StandaloneLayout`: it asks for another document's URL, and its logo breaks the policy. */
const UI = { layout: 'BaseLayout', persistAuthorization: true, docExpansion: 'list' as const }

export interface DocsOptions {
  readonly document: ApiDocument
}

/** Swagger UI at `/docs`. Local only: a deployed service serves the document, not the page. */
export default fp<DocsOptions>(
  async function docs(app, { document }) {
    await app.register(swagger, { mode: 'static', specification: { document } })
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: POLICY,
      theme: THEME,
      uiConfig: UI,
    })
  },
  { name: 'docs', fastify: '5.x' },
)

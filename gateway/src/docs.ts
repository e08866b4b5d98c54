/** /docs: the REST reference as a page, from swagger-ui's own files; nothing comes from anywhere else. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'
import type { EdgeEnv } from './edge-context.ts'
import { publicText, tellText, type PublicText } from './public-text.ts'

/** The script is a file like the others, so that the page needs no script of its own. */
const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Comptoir REST reference</title>
    <link rel="icon" href="/docs/favicon-32x32.png" type="image/png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="reference"></div>
    <noscript>The description itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`
/** No validator: it would be asked about this document over the internet. */
const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
})
`

/** swagger-ui sets its styles by script, which these rules allow; none is written into the page. */
const pageRules = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const files: Readonly<Record<string, string>> = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

/** A new release of the gateway may bring other files under the same names. */
const cached = { 'cache-control': 'public, max-age=3600' }

export const docs = (): Hono<EdgeEnv> => {
  const html = publicText(page, { type: 'text/html; charset=utf-8' })
  const script = publicText(start, { type: 'text/javascript; charset=utf-8' })
  const routes = new Hono<EdgeEnv>()
    .get('/', (c) =>
      tellText(c.req.raw.headers, html, {
        ...cached,
        'content-security-policy': pageRules,
        'cross-origin-opener-policy': 'same-origin',
      }),
    )
    .get('/start.js', (c) => tellText(c.req.raw.headers, script, cached))
  for (const [name, type] of Object.entries(files)) {
    let read: Promise<PublicText> | undefined
    routes.get(`/${name}`, async (c) =>
      tellText(c.req.raw.headers, await (read ??= readFile(name, type)), cached),
    )
  }
  return routes
}

const readFile = async (name: string, type: string): Promise<PublicText> => {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  return publicText(await Bun.file(join(folder, name)).bytes(), { type })
}

import { expect, test } from 'bun:test'
import { result, serveEdge } from './testing/serve-edge.ts'

const { fetch } = serveEdge(() => result({}))

test('the page and everything it names come from here', async () => {
  const page = await fetch('/docs')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const html = await page.text()
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')
  expect(named.length).toBe(5)
  for (const path of named) {
    const answer = await fetch(path)
    expect([path, answer.status]).toEqual([path, 200])
    expect((await answer.bytes()).byteLength).toBeGreaterThan(100)
    expect(answer.headers.get('cache-control')).toStartWith('public, max-age=')
    const again = await fetch(path, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  }
})

test('the page runs no script but those files, and stands in no frame', async () => {
  const page = await fetch('/docs')
  const rules = page.headers.get('content-security-policy') ?? ''
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
  ])
    expect(rules.split('; ')).toContain(rule)
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await page.text()).not.toMatch(/<script>|<script [^>]*>[^<]|\son\w+=/)
})

test('its large files travel compressed', async () => {
  const headers = { 'accept-encoding': 'gzip, br, zstd' }
  const { headers: told } = await fetch('/docs/swagger-ui-bundle.js', { headers })
  expect(told.get('content-encoding')).toBe('zstd')
  expect(told.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test('no other file of the package is served', async () => {
  for (const path of [
    '/docs/package.json',
    '/docs/..%2fpackage.json',
    '/docs/swagger-ui.js',
    '/docs/index.html',
  ])
    expect((await fetch(path)).status).toBe(404)
})

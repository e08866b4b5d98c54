// What others' tools make of the OpenAPI document: the linter's recommended rules, and a generated client.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { services } from '@comptoir/contracts/app'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { openApi } from '../src/faces/rest/openapi.ts'
import { publicOperations } from '../src/operations.ts'
import { result, serveEdge } from '../src/testing/serve-edge.ts'

const own = join(import.meta.dir, '..')
const document = openApi(publicOperations(services), { cookies: true, oauth: true })
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comptoir-openapi-'))
  await Bun.write(join(folder, 'openapi.json'), JSON.stringify(document))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a tool of the gateway's own, with nobody to report to. */
const run = async (tool: string, ...args: string[]) => {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  const ran = Bun.spawn([join(own, 'node_modules', '.bin', tool), ...args], {
    cwd: folder,
    env,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, code] = await Promise.all([new Response(ran.stdout).text(), ran.exited])
  return { out, code }
}

test('breaks none of the linter’s recommended rules, and gives no warning', async () => {
  const { out } = await run('redocly', 'lint', '--extends=recommended', '--format=json', 'openapi.json')
  const { problems } = JSON.parse(out) as { problems: readonly { ruleId: string; message: string }[] }
  expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
}, 60_000)

/** A shop's code against the generated types: every line that is marked as an error must be one. */
const client = `
import createClient from 'openapi-fetch'
import type { components, paths } from './schema'

export const browse = async (fetch: (request: Request) => Promise<Response>) => {
  const api = createClient<paths>({ baseUrl: 'http://shop', fetch })
  const { data, error, response } = await api.GET('/v1/products/{productId}', {
    params: { path: { productId: 'blue-mug' } },
  })
  if (error !== undefined) {
    const code: 'PRODUCT_NOT_FOUND' | string = error.code
    return { code }
  }
  const product: components['schemas']['Product'] = data
  const price: number = product.variants[0]!.price.amountMinor
  // @ts-expect-error a field that no contract has
  const colour = product.colour
  return { name: product.name, price, colour, tag: response.headers.get('etag') }
}

export const rename = async (fetch: (request: Request) => Promise<Response>, tag: string) => {
  const api = createClient<paths>({ baseUrl: 'http://shop', fetch, headers: { authorization: 'Bearer staff' } })
  const { data, error } = await api.PATCH('/v1/products/{productId}', {
    params: { path: { productId: 'p-1' }, header: { 'If-Match': tag } },
    body: { name: 'Green mug' },
  })
  return data?.name ?? error?.code
}

export const wrong = (fetch: (request: Request) => Promise<Response>) => {
  const api = createClient<paths>({ baseUrl: 'http://shop', fetch })
  // @ts-expect-error a key is needed
  const keyless = api.POST('/v1/orders', { body: {} })
  // @ts-expect-error a wrong type
  const wrongType = api.GET('/v1/products', { params: { query: { limit: 'many' } } })
  return [keyless, wrongType]
}
`

const config = {
  compilerOptions: {
    target: 'ESNext',
    lib: ['ESNext', 'DOM', 'DOM.Iterable'],
    module: 'Preserve',
    moduleResolution: 'bundler',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
  include: ['*.ts'],
}

interface Shop {
  browse(fetch: (request: Request) => Promise<Response>): Promise<object>
  rename(fetch: (request: Request) => Promise<Response>, tag: string): Promise<string>
}

test('a generated client compiles, knows the types, and works', async () => {
  await Bun.write(join(folder, 'schema.d.ts'), astToString(await openapiTypescript(JSON.stringify(document))))
  await Bun.write(join(folder, 'client.ts'), client)
  await Bun.write(join(folder, 'tsconfig.json'), JSON.stringify(config))
  await mkdir(join(folder, 'node_modules'))
  await Bun.$`ln -s ${join(own, 'node_modules', 'openapi-fetch')} ${join(folder, 'node_modules')}`
  expect(await run('tsc', '-p', '.')).toEqual({ out: '', code: 0 })

  const variants = [{ price: { amountMinor: 1250, currency: 'GBP' } }]
  const edge = serveEdge(() => result({ id: 'p-1', name: 'Blue mug', variants, version: 7 }))
  const ask = async (request: Request) =>
    edge.fetch(new URL(request.url).pathname, {
      method: request.method,
      headers: request.headers,
      ...(request.method === 'GET' ? {} : { body: await request.text() }),
    })
  const shop = (await import(join(folder, 'client.ts'))) as Shop
  const browsed = await shop.browse(ask)
  expect(browsed).toMatchObject({ name: 'Blue mug', price: 1250 })
  expect(await shop.rename(ask, (browsed as { tag: string }).tag)).toBe('Blue mug')
  expect(edge.sent.at(-1)?.body).toBe('{"name":"Green mug","productId":"p-1","version":7}')
}, 60_000)

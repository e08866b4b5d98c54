// A second gateway beside the shop's own: each keeps answers, and hears what is written through the other.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { manageProcess, type ManagedProcess } from '@comptoir/dev/managed-process'
import { folderOf } from '@comptoir/dev/process-list'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask } from './ask.ts'

let stack: TestStack
let other: ManagedProcess
let otherUrl: string

beforeAll(async () => {
  stack = await sharedStack()
  const { promise: listening, resolve } = Promise.withResolvers<string>()
  const env = { ...stack.processes.get('gateway').env, PORT: '0', LOG_LEVEL: 'info' }
  const spec = {
    name: 'gateway',
    program: 'gateway',
    folder: folderOf('gateway'),
    entry: 'dist/main.js',
    env,
  } as const
  const onLine = (_: string, line: string) => {
    const url = /"url":"([^"]+)"/.exec(line)?.[1]
    if (line.includes('"listening"') && url !== undefined) resolve(url)
  }
  other = manageProcess(spec, { onLine, onStart: () => undefined, onExit: () => undefined })
  other.start()
  otherUrl = await listening
}, 60_000)

afterAll(() => other?.stop(), 30_000)

const elsewhere = (path: string) => ask(`${otherUrl}${path}`)

test('what is changed through one gateway is told by the other, which forgets what it has kept', async () => {
  const product = await stack.shop(
    'catalog',
    'createProduct',
    {
      name: 'A lamp',
      variants: [{ sku: `LAMP-${crypto.randomUUID()}`, price: { amountMinor: 900, currency: 'GBP' } }],
    },
    { token: stack.staffToken },
  )
  const path = `/v1/products/${product.id}`
  expect((await elsewhere(path)).body).toMatchObject({ name: 'A lamp' })
  // Kept for a minute, which is longer than anybody here waits.
  const isKept = async (): Promise<boolean> => (await elsewhere('/v1/categories')).headers.has('age')
  await until('the categories are kept', async () => (await isKept()) || undefined)
  await stack.shop(
    'catalog',
    'updateProduct',
    { productId: product.id, version: product.version, name: 'A brighter lamp' },
    { token: stack.staffToken },
  )
  await until('it has forgotten what it kept', async () => ((await isKept()) ? undefined : true), 20_000)
  expect((await elsewhere(path)).body).toMatchObject({ name: 'A brighter lamp' })
}, 60_000)

test('a category that is made through one gateway is told by the other', async () => {
  const name = `Lamps ${crypto.randomUUID()}`
  const tree = async () => JSON.stringify((await elsewhere('/v1/categories')).body)
  expect(await tree()).not.toContain(name)
  await stack.shop('catalog', 'createCategory', { name }, { token: stack.staffToken })
  await until('it is told', async () => (await tree()).includes(name) || undefined, 20_000)
}, 60_000)

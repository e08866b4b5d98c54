import { afterEach, beforeEach, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning } from './servers/child-process.ts'
import { startStack } from './stack.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'comptoir-stack-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('starts and provisions its servers, brings them back on their ports, and leaves nothing running', async () => {
  const stack = await startStack({ dataDir: folder, only: [] })
  const { nats, postgres } = stack.servers
  const pids = [nats?.pid() ?? 0, postgres?.pid() ?? 0]
  expect(pids.every(isRunning)).toBe(true)
  await nats?.kill()
  expect(isRunning(pids[0] ?? 0)).toBe(false)
  await nats?.start()
  expect(nats?.pid()).not.toBe(pids[0])
  expect(nats?.url).toBe(stack.natsUrl)
  const last = [nats?.pid() ?? 0, postgres?.pid() ?? 0]
  await stack.stop()
  expect(last.some(isRunning)).toBe(false)
  expect(existsSync(join(folder, 'processes.json'))).toBe(false)
})

test('runs a second stack on the servers of the first, and leaves those alone when it stops', async () => {
  const first = await startStack({ dataDir: join(folder, 'one'), only: [] })
  try {
    const { databaseUrl, natsUrl } = first
    const second = await startStack({ dataDir: join(folder, 'two'), only: [], databaseUrl, natsUrl })
    expect(second.natsUrl).toBe(natsUrl)
    await second.stop()
    expect(isRunning(first.servers.nats?.pid() ?? 0)).toBe(true)
  } finally {
    await first.stop()
  }
})

test('stops what it started when a port is taken', async () => {
  using taken = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() })
  const attempt = startStack({ dataDir: folder, only: [], port: taken.port ?? 0 })
  expect(await attempt.catch(String)).toContain(`PORT=8081 npx -y bun@${Bun.version} run dev`)
})

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { occurred } from '@comptoir/contracts/event'
import { counted, startStack, type Stack } from './fixture/stack.ts'

let stack: Stack
const folder = mkdtempSync(join(tmpdir(), 'comptoir-kit-'))

beforeAll(async () => {
  stack = await startStack()
})
afterAll(async () => {
  await stack.stop()
  rmSync(folder, { recursive: true })
})

/** Runs a process until it ends; it dies where it is told, the first time. */
const run = async (name: string, at: string): Promise<string> => {
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dir, 'fixture', name), stack.handle.url, stack.nats.url],
    {
      env: { ...process.env, CRASH_AT: at, CRASH_MARKER: join(folder, at) },
    },
  )
  await child.exited
  return String(child.signalCode ?? child.exitCode)
}

test.each(['before-publish', 'after-publish'])(
  'a relay that dies %s loses nothing and stores nothing twice',
  async (point) => {
    const { messages } = (await stack.jsm.streams.info('SAMPLES')).state
    await stack.handle.transaction((tx) =>
      stack.emit(tx, [
        occurred(counted, { aggregateId: point, version: 1, data: { count: 1, filling: '' } }),
      ]),
    )
    const at = `${point}:${counted.subject}`
    expect(await run('relay-process.ts', at)).toBe('SIGKILL')
    expect(await stack.handle.sql`select 1 from outbox where published_at is null`).toHaveLength(1)
    expect(await run('relay-process.ts', at)).toBe('0')
    expect((await stack.jsm.streams.info('SAMPLES')).state.messages).toBe(messages + 1)
  },
)

test.each(['before-commit', 'after-commit', 'before-ack', 'after-ack'])(
  'a consumer that dies %s has its effect once',
  async (point) => {
    await stack.publish(point, 1)
    expect(await run('consumer-process.ts', `${point}:count`)).toBe('SIGKILL')
    expect(await run('consumer-process.ts', `${point}:count`)).toBe('0')
    const [row] = await stack.handle.sql`select version from tallies where id = ${point}`
    expect(row?.['version']).toBe(1)
  },
)

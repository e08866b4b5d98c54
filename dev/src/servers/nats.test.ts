import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { isRunning } from './child-process.ts'
import { isNatsRecent } from './nats-version.ts'
import { type NatsServer, startNats } from './nats.ts'

const Varz = z.object({
  host: z.string(),
  http_host: z.string(),
  jetstream: z.object({ config: z.object({ store_dir: z.string(), sync_always: z.boolean() }) }),
})

const folder = mkdtempSync(join(tmpdir(), 'comptoir nats '))
let server: NatsServer

beforeAll(async () => {
  server = await startNats({ dataDir: folder })
})

afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('startNats', () => {
  test('runs JetStream on loopback, writes every message to the disk, and stores in the folder, spaces and all', async () => {
    const varz = Varz.parse(await (await fetch(`${server.monitorUrl}/varz`)).json())
    expect([varz.host, varz.http_host]).toEqual(['127.0.0.1', '127.0.0.1'])
    expect(varz.jetstream.config.sync_always).toBe(true)
    expect(varz.jetstream.config.store_dir).toStartWith(folder)
    expect(isNatsRecent(server.version)).toBe(true)
  })

  test('comes back on the same port after a kill -9', async () => {
    const { port, ended, pid } = server
    await server.kill()
    await ended
    expect(isRunning(pid)).toBe(false)
    server = await startNats({ dataDir: folder, port })
    expect(server.url).toBe(`nats://127.0.0.1:${port}`)
  })

  test('stops the server that a killed supervisor left', async () => {
    await server.stop()
    const supervisor = Bun.spawn([
      process.execPath,
      join(import.meta.dir, 'testing/start-and-die.ts'),
      'nats',
      folder,
    ])
    const left = Number(await new Response(supervisor.stdout).text())
    expect(isRunning(left)).toBe(true)
    server = await startNats({ dataDir: folder })
    expect(isRunning(left)).toBe(false)
    expect(isRunning(server.pid)).toBe(true)
  })

  test('says which port is taken', async () => {
    const other = mkdtempSync(join(tmpdir(), 'comptoir-nats-'))
    const attempt = startNats({ dataDir: other, port: server.port })
    expect(await attempt.catch(String)).toContain(`NATS: port ${server.port} is taken by another program.`)
    rmSync(other, { recursive: true, force: true })
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { isRunning } from './child-process.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'

const folder = mkdtempSync(join(tmpdir(), 'comptoir postgres '))
let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres({ dataDir: folder, durable: false })
})

afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const query = async (text: string) => {
  const sql = postgres(server.url, { max: 1 })
  try {
    return await sql.unsafe(text)
  } finally {
    await sql.end()
  }
}

describe('startPostgres', () => {
  test('keeps data and password over a stop, and turns fsync on when durable', async () => {
    expect(await query('show fsync')).toMatchObject([{ fsync: 'off' }])
    await query('create table kept as select 7 as n')
    const { pid } = server
    await server.stop()
    expect(isRunning(pid)).toBe(false)
    server = await startPostgres({ dataDir: folder, durable: true })
    expect(await query('select n from kept')).toMatchObject([{ n: 7 }])
    expect(await query('show fsync')).toMatchObject([{ fsync: 'on' }])
    expect(await query('show max_connections')).toMatchObject([{ max_connections: '200' }])
  })

  test('listens on loopback only and refuses a wrong password', async () => {
    expect(await query('show listen_addresses')).toMatchObject([{ listen_addresses: '127.0.0.1' }])
    const sql = postgres(server.url.replace(/:[^:@]+@/, ':guess@'), { max: 1 })
    expect(await sql`select 1`.execute().catch(String)).toContain('password authentication failed')
    await sql.end()
    expect(statSync(join(folder, 'postgres-password')).mode & 0o777).toBe(0o600)
  })

  test('stops the server that a killed supervisor left, and starts on its data', async () => {
    await query('create table left_behind as select 8 as n')
    await server.stop()
    const supervisor = Bun.spawn([
      process.execPath,
      join(import.meta.dir, 'testing/start-and-die.ts'),
      'postgres',
      folder,
    ])
    const left = Number(await new Response(supervisor.stdout).text())
    expect(isRunning(left)).toBe(true)
    server = await startPostgres({ dataDir: folder, durable: false })
    expect(isRunning(left)).toBe(false)
    expect(await query('select n from left_behind')).toMatchObject([{ n: 8 }])
  })

  test('comes back on the same port after a kill -9', async () => {
    await query('create table survivor as select 9 as n')
    const { port, ended } = server
    await server.kill()
    await ended
    server = await startPostgres({ dataDir: folder, durable: false, port })
    expect(server.port).toBe(port)
    expect(await query('select n from survivor')).toMatchObject([{ n: 9 }])
  })

  test('says which port is taken, and leaves nothing running', async () => {
    const other = mkdtempSync(join(tmpdir(), 'comptoir-postgres-'))
    try {
      const attempt = startPostgres({ dataDir: other, durable: false, port: server.port })
      expect(await attempt.catch(String)).toContain(
        `PostgreSQL: port ${server.port} is taken by another program.`,
      )
    } finally {
      rmSync(other, { recursive: true, force: true })
    }
  })

  test('begins as a copy of a server that is stopped, and not of one that runs', async () => {
    await query('create table copied as select 11 as n')
    const other = mkdtempSync(join(tmpdir(), 'comptoir-postgres-'))
    try {
      const early = startPostgres({ dataDir: other, durable: false, template: folder })
      expect(await early.catch(String)).toContain('cannot be copied')
      await server.stop()
      const copy = await startPostgres({ dataDir: other, durable: false, template: folder })
      server = await startPostgres({ dataDir: folder, durable: false })
      const sql = postgres(copy.url, { max: 1 })
      expect(await sql`select n from copied`).toMatchObject([{ n: 11 }])
      await sql`drop table copied`
      await sql.end()
      await copy.stop()
      expect(await query('select n from copied')).toMatchObject([{ n: 11 }])
    } finally {
      rmSync(other, { recursive: true, force: true })
    }
  })

  test('runs beside a second one', async () => {
    const other = mkdtempSync(join(tmpdir(), 'comptoir-postgres-'))
    const second = await startPostgres({ dataDir: other, durable: false })
    try {
      expect(second.port).not.toBe(server.port)
      expect(await query('select 1 as one')).toMatchObject([{ one: 1 }])
    } finally {
      await second.stop()
      rmSync(other, { recursive: true, force: true })
    }
  })
})

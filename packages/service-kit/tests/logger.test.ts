import { expect, test } from 'bun:test'
import { drizzle } from 'drizzle-orm/postgres-js'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { createTestDatabase } from '../src/testing/database.ts'
import { migrations } from './fixture/stack.ts'

const secret = 'ada@example.com'

/** What a process writes when it logs the given expression. */
const logged = async (expression: string): Promise<string> => {
  const program = `
    import { createLogger } from '${new URL('../src/logger.ts', import.meta.url)}'
    createLogger('samples').error('failed', ${expression})`
  const child = Bun.spawn([process.execPath, '-e', program], { stdout: 'pipe', stderr: 'pipe' })
  return `${await new Response(child.stdout).text()}${await new Response(child.stderr).text()}`
}

/** An error as code that makes it again, with all its members. */
const asCode = (error: unknown): string => {
  if (!(error instanceof Error)) throw new Error('Expected an error')
  const { name, message, stack, cause } = error
  const members = JSON.stringify({
    ...Object.fromEntries(Object.entries(error)),
    name,
    message,
    stack,
    cause: undefined,
  })
  return `Object.assign(new Error('', { cause: ${cause === undefined ? 'undefined' : asCode(cause)} }), ${members})`
}

test('no value of a failed statement is logged, whatever lines and members it has', async () => {
  const database = await createTestDatabase('samples', migrations)
  const client = postgres(database.url, { max: 1, onnotice: () => undefined })
  const db = drizzle(client)
  const failing = [
    sql`select ${`first\n  second ${secret}\n    at ${secret} (file.ts:1:2)`}::text, 1 / ${'0'}::int`,
    sql`select ${secret}::uuid`,
    sql`select ${`{"e": "${secret}`}::jsonb`,
    sql`insert into tallies (id, count) values (${secret}, 1), (${secret}, 2)`,
  ]
  for (const statement of failing) {
    const error: unknown = await db.execute(statement).catch((thrown: unknown) => thrown)
    const line = await logged(`{ error: ${asCode(error)}, list: [{ cause: ${asCode(error)} }] }`)
    expect(line).toContain('Failed query')
    expect(line).not.toContain('ada@')
  }
  await client.end()
  await database.drop()
})

test('secrets and personal data are hidden by the names of their fields, however deep they lie', async () => {
  const line = await logged(
    `{ user: [{ email: '${secret}', nested: { recipient: '${secret}', Authorization: '${secret}' } }] }`,
  )
  expect(line).not.toContain('ada@')
  expect(line).toContain('***')
})

test('what a parser quotes is not logged, bytes are only counted, and a cycle ends', async () => {
  const line = await logged(`(() => {
    const cycle = { bytes: new TextEncoder().encode('${secret}'), at: new Date(0) }
    cycle.self = cycle
    try { JSON.parse('{"e": ada') } catch (error) { return { error, cycle } }
  })()`)
  expect(line).not.toContain('identifier')
  expect(line).toContain('15 bytes')
  expect(line).toContain('1970-01-01')
  expect(line.length).toBeLessThan(5_000)
})

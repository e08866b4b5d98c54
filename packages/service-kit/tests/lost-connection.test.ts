import { afterAll, beforeAll, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { DatabaseHandle } from '../src/database.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { settledWithin } from '../src/worker.ts'
import { openBreakingLine, type BreakingLine } from './fixture/breaking-line.ts'
import { migrations } from './fixture/stack.ts'

let database: TestDatabase
let line: BreakingLine
let handle: DatabaseHandle

beforeAll(async () => {
  database = await createTestDatabase('samples', migrations)
  line = await openBreakingLine(database.url)
  handle = await openDatabase({ url: line.url, service: 'samples', poolMax: 10 })
})

afterAll(async () => {
  await handle.close()
  line.close()
  await database.drop()
})

/** Several statements at once, each of which must get its own answer. */
const askMuch = (): Promise<number[]> =>
  handle.transaction((tx) =>
    Promise.all(
      Array.from({ length: 5 }, async (_, n) => {
        const [row] = await tx.execute<{ n: number }>(sql`select ${n}::int as n`)
        return row?.n ?? -1
      }),
    ),
  )

test('whatever runs when its connection is reset ends, and so does everything after it', async () => {
  const open = new Set<Promise<void>>()
  const answers: number[][] = []
  const ask = (): void => {
    const asked = askMuch()
      .then((answer) => void answers.push(answer))
      // What was lost may say so.
      .catch(() => undefined)
    open.add(asked)
    void asked.finally(() => open.delete(asked))
  }
  for (let round = 0; round < 10; round += 1) {
    for (let asked = 0; asked < 20; asked += 1) ask()
    // Somewhere in the middle of it all.
    while (open.size > 10) await Promise.race(open)
    line.break()
    await settledWithin(Promise.all(open), 5_000)
    expect(open.size).toBe(0)
  }
  expect(answers.every((answer) => answer.join() === '0,1,2,3,4')).toBe(true)
  expect(answers.length).toBeGreaterThan(0)
  // Those that meet the last loss may fail; nothing after them may.
  await Promise.allSettled(Array.from({ length: 10 }, askMuch))
  expect(await askMuch()).toEqual([0, 1, 2, 3, 4])
})

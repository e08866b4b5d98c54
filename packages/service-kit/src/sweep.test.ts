import { expect, test } from 'bun:test'
import type { Logger } from './logger.ts'
import { sweep } from './sweep.ts'

const due = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }))
const told: unknown[] = []
const write = (_message: string, fields?: object) => void told.push(fields)
const log: Logger = { debug: write, info: write, warn: write, error: write }
const page = async (after = { id: '' }) => due.filter(({ id }) => id > after.id).slice(0, 2)

test('what fails is told of and keeps nothing waiting that comes after it', async () => {
  const done: string[] = []
  const sweeping = sweep({
    worker: 'sample',
    log,
    signal: new AbortController().signal,
    page,
    work: async ({ id }) => {
      if (id < 'c') throw new TypeError('broken')
      done.push(id)
    },
  })
  await expect(sweeping).rejects.toThrow('2 of what was due failed')
  expect(done).toEqual(['c', 'd', 'e'])
  expect(told).toMatchObject([
    { worker: 'sample', id: 'a' },
    { worker: 'sample', id: 'b' },
  ])
})

test('begins nothing more once it is to stop', async () => {
  const done: string[] = []
  const ending = new AbortController()
  const work = async ({ id }: { id: string }) => {
    done.push(id)
    ending.abort()
  }
  await sweep({ worker: 'sample', log, signal: ending.signal, page, work })
  expect(done).toEqual(['a'])
})

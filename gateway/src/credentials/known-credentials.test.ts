import { afterEach, expect, setSystemTime, test } from 'bun:test'
import { createKnownCredentials } from './known-credentials.ts'

const startedAt = Date.parse('2026-11-20T10:00:00.000Z')
const later = (ms: number) => setSystemTime(startedAt + ms)
afterEach(() => setSystemTime())

/** What is known where identity answers as the test says, one after another. */
const scene = () => {
  later(0)
  const asked: PromiseWithResolvers<string | undefined>[] = []
  let holds = true
  const { find, forget } = createKnownCredentials<string>({
    ask: () => {
      const answer = Promise.withResolvers<string | undefined>()
      asked.push(answer)
      return answer.promise
    },
    holds: () => holds,
    max: 2,
  })
  const learn = async (hash: string, said: string): Promise<void> => {
    const found = find(hash)
    asked.at(-1)?.resolve(said)
    expect(await found).toBe(said)
  }
  return { asked, find, forget, learn, revoke: () => (holds = false) }
}

test('nobody who is known waits for an identity that does not answer, and it is asked one question at a time', async () => {
  const { asked, find, learn } = scene()
  await learn('ada', 'Ada')
  later(30_000)
  for (let n = 0; n < 100; n += 1) expect(await find('ada')).toBe('Ada')
  expect(asked).toHaveLength(2)
  later(15 * 60_000 - 1)
  expect(await find('ada')).toBe('Ada')
  expect(asked).toHaveLength(2)
})

test('what identity says beside a request counts from the next on', async () => {
  const { asked, find, learn } = scene()
  await learn('ada', 'Ada')
  later(30_000)
  expect(await find('ada')).toBe('Ada')
  asked.at(-1)?.resolve('Ada, who has married')
  await asked.at(-1)?.promise
  expect(await find('ada')).toBe('Ada, who has married')
  later(60_000)
  expect(await find('ada')).toBe('Ada, who has married')
  asked.at(-1)?.resolve(undefined)
  await asked.at(-1)?.promise
  const gone = find('ada')
  asked.at(-1)?.resolve(undefined)
  expect(await gone).toBeUndefined()
})

test('a question that fails is asked again by the next request, and nobody is turned away for it', async () => {
  const { asked, find, learn } = scene()
  await learn('ada', 'Ada')
  later(30_000)
  for (let n = 0; n < 3; n += 1) {
    expect(await find('ada')).toBe('Ada')
    asked.at(-1)?.reject(new Error('identity is away'))
    await asked.at(-1)?.promise.catch(() => undefined)
  }
  expect(asked).toHaveLength(4)
})

test('what is a quarter of an hour old, or does not hold, is used only once identity has said so again', async () => {
  const { asked, find, learn, revoke } = scene()
  await learn('ada', 'Ada')
  later(15 * 60_000)
  const late = find('ada')
  asked.at(-1)?.reject(new Error('identity is away'))
  await expect(late).rejects.toThrow('identity is away')
  await learn('ada', 'Ada')
  revoke()
  const revoked = find('ada')
  asked.at(-1)?.resolve('Ada')
  expect(await revoked).toBeUndefined()
})

test('an answer that was on its way when it was to be forgotten is not kept', async () => {
  const { asked, find, forget, learn } = scene()
  await learn('ada', 'Ada')
  later(30_000)
  await find('ada')
  forget('ada')
  asked.at(-1)?.resolve('Ada')
  await asked.at(-1)?.promise
  const after = find('ada')
  expect(asked).toHaveLength(3)
  asked.at(-1)?.resolve(undefined)
  expect(await after).toBeUndefined()
})

test('no more than so many are known: the oldest goes first', async () => {
  const { asked, find, learn } = scene()
  for (const name of ['ada', 'bob', 'cyd']) await learn(name, name)
  expect(await find('cyd')).toBe('cyd')
  expect(await find('bob')).toBe('bob')
  void find('ada')
  expect(asked).toHaveLength(4)
})

import type { BenchStack } from '../bench-stack.ts'
import { drive } from '../drive.ts'
import type { AccessCosts, AccessTask } from '../drivers/access-task.ts'
import type { Hashed, Hashing } from '../drivers/hashing-task.ts'
import { type Spread, spreadOf } from '../measure/percentiles.ts'

export interface Access {
  readonly costs: AccessCosts
  /** Checks of passwords as identity makes them, in a process that does nothing else. */
  readonly hashing: Hashed
  /** Sign-ins through the gateway. */
  readonly loginsPerSecond: number
  /** Milliseconds of sign-ins with a wrong password, one after another. */
  readonly known: Spread
  readonly unknown: Spread
}

/** As many as one account may have in a quarter of an hour. */
const triesEach = 10
export const loginLanes = 16

export const measureAccess = async (
  { gatewayUrl }: BenchStack,
  { seconds, tries }: { seconds: number; tries: number },
): Promise<Access> => {
  const task = { fresh: 2_000, known: 200_000, judged: 1_000_000 } satisfies AccessTask
  const costs = await drive<AccessCosts>('access-costs', task, 60)
  const hashing = await drive<Hashed>(
    'hashing',
    { lanes: loginLanes, seconds } satisfies Hashing,
    seconds + 20,
  )
  const shop = doorOf(gatewayUrl)
  const people: string[] = []
  // One after another: hashes for all of them at once take longer than a call may.
  while (people.length < tries / triesEach) people.push(await shop.register())
  const loginsPerSecond = await signInFor(shop, people.slice(0, loginLanes), seconds)
  return { costs, hashing, loginsPerSecond, ...(await guess(shop, people, tries)) }
}

const password = 'a long enough password'
const newAddress = () => `${crypto.randomUUID()}@example.org`

const doorOf = (gatewayUrl: string) => {
  const post = async (path: string, body: object, wanted: number): Promise<void> => {
    const response = await fetch(`${gatewayUrl}/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    await response.text()
    if (response.status !== wanted) throw new Error(`${path} answered ${response.status}`)
  }
  return {
    register: async (): Promise<string> => {
      const email = newAddress()
      await post('register', { email, password, name: 'Ada Lovelace' }, 201)
      return email
    },
    login: (email: string) => post('login', { email, password }, 200),
    guess: (email: string) => post('login', { email, password: 'another password' }, 401),
  }
}
type Door = ReturnType<typeof doorOf>

const signInFor = async (shop: Door, people: readonly string[], seconds: number): Promise<number> => {
  const endAt = performance.now() + seconds * 1_000
  let done = 0
  const signInOn = async (email: string): Promise<void> => {
    for (; performance.now() < endAt; done += 1) await shop.login(email)
  }
  await Promise.all(people.map(signInOn))
  return done / seconds
}

/** In turns, so that whatever the machine does meanwhile meets both alike. */
const guess = async (shop: Door, people: readonly string[], tries: number) => {
  const known: number[] = []
  const unknown: number[] = []
  const timed = async (times: number[], email: string): Promise<void> => {
    const begunAt = performance.now()
    await shop.guess(email)
    times.push(performance.now() - begunAt)
  }
  for (let tried = 0; tried < tries; tried += 1) {
    await timed(known, people[tried % people.length] ?? '')
    await timed(unknown, newAddress())
  }
  return { known: spreadOf(known), unknown: spreadOf(unknown) }
}

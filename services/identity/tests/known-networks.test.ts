import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { passwordResetRequested } from '@comptoir/contracts/identity/events'
import { sweep } from '../src/workers/sweep.ts'
import { loginKey } from '../src/security/attempt-key.ts'
import { openStage, password, type Stage } from './stage.ts'

const day = 24 * 60 * 60_000
let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.service.stop())

/** A network as the edge tells of it. */
const net = (name: string): string => createHash('sha256').update(name).digest('hex')
const home = net('198.51.100.7')

const open = async () => {
  const email = `ada.${crypto.randomUUID()}@example.org`
  const nobody = stage.service.as(anonymous)
  const { subject } = await nobody.register({ email, password, name: 'Ada' }, { network: home })
  return { email, subject }
}

/** What a try is answered with; `in` for one that is let in. */
const attempt = async (email: string, given: string, network?: string): Promise<string> => {
  try {
    await stage.service.as(anonymous).login({ email, password: given }, { network, timeoutMs: 60_000 })
    return 'in'
  } catch (error) {
    return (error as { code: string }).code
  }
}
const guess = (email: string, network?: string) => attempt(email, 'a wrong guess', network)

const counted = (answers: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(answers, (answer) => answer)).map(([code, all]) => [
      code,
      all?.length ?? 0,
    ]),
  )

/** Has strangers have guessed so often, each from a network that nobody names again. */
const besiege = async (email: string, guesses = 100) => {
  const key = loginKey(email)
  const at = stage.clock.now()
  await stage.service.sql`
    insert into login_attempts (account, within, attempts, updated_at)
    values (${key}, ${key}, array_fill(${at}::timestamptz, array[${guesses}::int]), ${at})
    on conflict (account) do update set attempts = excluded.attempts, updated_at = excluded.updated_at`
}

describe('tries to sign in', () => {
  test('are counted by network: a stranger’s ten keep nobody out elsewhere', async () => {
    const { email } = await open()
    const guesses = await Promise.all(Array.from({ length: 200 }, () => guess(email, net('stranger'))))
    expect(counted(guesses)).toEqual({ CREDENTIALS_INVALID: 10, LOGIN_THROTTLED: 190 })
    expect(await attempt(email, password, net('stranger'))).toBe('LOGIN_THROTTLED')
    expect(await attempt(email, password, net('somewhere new'))).toBe('in')
  })

  test('from nowhere that is known are those of one network', async () => {
    const { email } = await open()
    const guesses = await Promise.all(Array.from({ length: 12 }, () => guess(email)))
    expect(counted(guesses)).toEqual({ CREDENTIALS_INVALID: 10, LOGIN_THROTTLED: 2 })
    expect(await attempt(email, password, net('somewhere new'))).toBe('in')
  })

  test('from all networks together are a hundred, however many come at once, however long they take', async () => {
    const { email } = await open()
    const strangers = Array.from({ length: 220 }, (_one, index) => net(`stranger ${index % 20}`))
    const guesses = await Promise.all(strangers.map((network) => guess(email, network)))
    expect(counted(guesses)).toEqual({ CREDENTIALS_INVALID: 100, LOGIN_THROTTLED: 120 })
    stage.clock.advance(20 * day)
    expect(await attempt(email, password, net('somewhere new'))).toBe('LOGIN_THROTTLED')
    expect(await guess(email)).toBe('LOGIN_THROTTLED')
    expect(await attempt(email, password, home)).toBe('in')
  }, 120_000)

  test('of strangers keep no owner from where they have signed in before, who has ten of their own', async () => {
    const { email } = await open()
    await besiege(email)
    for (let tried = 0; tried < 9; tried += 1) expect(await guess(email, home)).toBe('CREDENTIALS_INVALID')
    expect(await attempt(email, password, home)).toBe('in')
    // And begin anew with that.
    expect(await attempt(email, password, net('somewhere new'))).toBe('in')
    const guesses = await Promise.all(Array.from({ length: 12 }, () => guess(email, home)))
    expect(counted(guesses)).toEqual({ CREDENTIALS_INVALID: 10, LOGIN_THROTTLED: 2 })
  })

  test('from a network where nobody has signed in for ninety days are strangers’', async () => {
    const { email } = await open()
    stage.clock.advance(89 * day)
    await besiege(email)
    expect(await attempt(email, password, home)).toBe('in')
    stage.clock.advance(90 * day + 1)
    await besiege(email)
    expect(await attempt(email, password, home)).toBe('LOGIN_THROTTLED')
  })

  test('are answered alike, one by one, for an account and for none', async () => {
    const { email } = await open()
    const unknown = `nobody.${crypto.randomUUID()}@example.org`
    const inTurn = async (address: string) => {
      await besiege(address, 85)
      const answers: string[] = []
      for (let tried = 0; tried < 24; tried += 1)
        answers.push(await guess(address, net(`stranger ${Math.floor(tried / 12)}`)))
      answers.push(await guess(address, net('one more')), await guess(address))
      return answers
    }
    const answers = await inTurn(unknown)
    expect(counted(answers)).toEqual({ CREDENTIALS_INVALID: 15, LOGIN_THROTTLED: 11 })
    expect(await inTurn(email)).toEqual(answers)
  })
})

describe('a letter for a new password', () => {
  const ask = (email: string, network?: string) =>
    stage.service.as(anonymous).requestPasswordReset({ email }, { network })
  const lettersTo = (userId: string) =>
    stage.service.probe.seen(passwordResetRequested).filter(({ data }) => data.userId === userId).length
  const asked = async (email: string): Promise<number> => {
    const [row] = await stage.service.sql<{ count: number }[]>`
      select count(*)::int as count from password_reset_requests where email = ${email}`
    return row?.count ?? 0
  }
  const waitFor = async (userId: string, count: number) => {
    for (const until = performance.now() + 10_000; performance.now() < until; await Bun.sleep(10))
      if (lettersTo(userId) >= count) return
    throw new Error(`${lettersTo(userId)} letters of ${count}`)
  }

  test('comes to the owner who asks at home, however many strangers have asked for', async () => {
    const { email, subject } = await open()
    for (let stranger = 0; stranger < 20; stranger += 1) await ask(email, net(`stranger ${stranger}`))
    await waitFor(subject, 5)
    await ask(email, home)
    await waitFor(subject, 6)
    for (let more = 0; more < 9; more += 1) await ask(email, home)
    await waitFor(subject, 10)
    expect(await asked(email)).toBe(0)
    expect(lettersTo(subject)).toBe(10)
  })

  test('lets its reader in from where they read it, whatever strangers do meanwhile', async () => {
    const { email, subject } = await open()
    await ask(email)
    await waitFor(subject, 1)
    const token = await stage.tokenFor('password_reset', subject)
    const next = 'another horse altogether'
    const hotel = net('hotel')
    await stage.service
      .as(anonymous)
      .resetPassword({ token: token ?? '', password: next }, { network: hotel })
    await besiege(email)
    expect(await attempt(email, next, hotel)).toBe('in')
    // Before that nobody had shown that the address is theirs.
    await besiege(email)
    expect(await attempt(email, next, home)).toBe('LOGIN_THROTTLED')
  })
})

describe('what is kept of networks', () => {
  const rows = async (userId: string) =>
    stage.service.sql<{ network: string }[]>`select network from sign_in_networks where user_id = ${userId}`

  test('is no network, and not the same for two people in one', async () => {
    const [one, other] = [await open(), await open()]
    const [mine, theirs] = [await rows(one.subject), await rows(other.subject)]
    expect([mine.length, theirs.length]).toEqual([1, 1])
    expect(mine[0]?.network).not.toBe(theirs[0]?.network ?? '')
    for (const { network } of [...mine, ...theirs]) expect(network).not.toBe(home)
  })

  test('is no address either, should one be told', async () => {
    const email = `ada.${crypto.randomUUID()}@example.org`
    const session = await stage.service
      .as(anonymous)
      .register({ email, password, name: 'Ada' }, { network: '10.1.2.3' })
    expect(await rows(session.subject)).toHaveLength(0)
  })

  test('goes ninety days after the last sign-in from there, and what strangers tried after a month', async () => {
    const { email, subject } = await open()
    const tries = () => stage.service.sql`select 1 from login_attempts where within is not null`
    await stage.service.sql`delete from login_attempts`
    await guess(email, net('stranger'))
    stage.clock.advance(60 * 60_000 + 1)
    await sweep.run(stage.service.context, new AbortController().signal)
    // The count of all networks.
    expect(await tries()).toHaveLength(1)
    stage.clock.advance(30 * day)
    await sweep.run(stage.service.context, new AbortController().signal)
    expect(await tries()).toHaveLength(0)
    stage.clock.advance(59 * day)
    await sweep.run(stage.service.context, new AbortController().signal)
    expect(await rows(subject)).toHaveLength(1)
    stage.clock.advance(day)
    await sweep.run(stage.service.context, new AbortController().signal)
    expect(await rows(subject)).toHaveLength(0)
  })

  test('goes with the account, as do the tries of all networks', async () => {
    const { email, subject } = await open()
    for (const stranger of ['one', 'other']) await guess(email, net(stranger))
    const session = await stage.service.as(anonymous).login({ email, password }, { network: home })
    for (const stranger of ['one', 'other']) await guess(email, net(stranger))
    await stage.service.sql`delete from login_attempts where within is null`
    const before = await stage.service.sql`select 1 from login_attempts`
    await stage.asHolderOf(session).deleteAccount({})
    expect(await rows(subject)).toHaveLength(0)
    expect(await stage.service.sql`select 1 from login_attempts`).toHaveLength(before.length - 3)
  })
})

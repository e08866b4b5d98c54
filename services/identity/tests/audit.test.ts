import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Actor, scopesOfKind } from '@comptoir/contracts/access'
import { occurred } from '@comptoir/contracts/event'
import { auditProcedures } from '@comptoir/contracts/identity/audit'
import { OrderId, PaymentId } from '@comptoir/contracts/ids'
import { paymentRefunded } from '@comptoir/contracts/payments/events'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { audit } from '../src/audit.ts'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const clock = frozenClock('2026-11-20T10:00:00.000Z')
const { expectRefusal, unseen } = refusals(auditProcedures)
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

const clerk: Actor = { kind: 'staff', id: 'clerk-1', scopes: [] }
const auditor = () =>
  service.as({
    kind: 'admin',
    id: crypto.randomUUID(),
    scopes: [...scopesOfKind.admin],
    provedAt: clock.now().getTime() / 1_000,
  })

/** Writes entries, as a clerk who saves the same role again and again. */
const write = async (count: number, target = 'order-desk') => {
  for (let written = 0; written < count; written += 1)
    await service.context.transaction((tx) =>
      audit({ ...service.context, actor: clerk }, tx, {
        action: 'role.saved',
        target,
        facts: { scopes: ['orders:read'], nth: written, again: written > 0 },
      }),
    )
}

/** Does what the trigger keeps everybody from, and undoes it. */
const tampered = async (change: () => Promise<unknown>, judge: () => Promise<void>) => {
  await service.sql`create table kept as select * from audit_entries`
  await service.sql`alter table audit_entries disable trigger audit_entries_append_only`
  try {
    await change()
    await judge()
  } finally {
    await service.sql`delete from audit_entries`
    await service.sql`insert into audit_entries select * from kept`
    await service.sql`drop table kept`
    await service.sql`alter table audit_entries enable trigger audit_entries_append_only`
  }
}

const cli = fileURLToPath(new URL('../src/audit-cli.ts', import.meta.url))
const run = async (...words: string[]) => {
  const child = Bun.spawn([process.execPath, cli, ...words], {
    env: { ...process.env, DATABASE_URL: service.databaseUrl },
    stderr: 'pipe',
  })
  const [out, told] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { out: out.trim(), told: told.trim(), code: await child.exited }
}

const lastSequence = async (): Promise<number> =>
  Number((await service.sql`select max(sequence) as last from audit_entries`)[0]?.['last'])

describe('the command', () => {
  beforeAll(() => write(12))

  test('prints the head of a log that fits, and holds the log against a head from before', async () => {
    const head = (await run('verify')).out
    expect(head).toMatch(/^\d+:[0-9a-f]{64}$/)
    await write(2)
    expect(await run('verify', '--expect', head)).toMatchObject({ code: 0, told: '' })
  })

  test.each([
    ['a fact', () => service.sql`update audit_entries set facts = '{"scopes":[]}' where sequence = 5`, 5],
    ['who it was', () => service.sql`update audit_entries set actor_id = 'x' where sequence = 7`, 7],
    ['when', () => service.sql`update audit_entries set at = at + interval '1 ms' where sequence = 2`, 2],
    ['a hash', () => service.sql`update audit_entries set hash = repeat('0', 64) where sequence = 4`, 4],
    ['the first one away', () => service.sql`delete from audit_entries where sequence = 1`, 1],
    ['one away', () => service.sql`delete from audit_entries where sequence = 6`, 6],
  ] as const)('names the first entry that is wrong where somebody has changed %s', async (_, change, bad) => {
    await tampered(change, async () => {
      const { code, told } = await run('verify')
      expect([code, told.split(' ').slice(0, 2)]).toEqual([1, ['Entry', String(bad)]])
    })
  })

  test('tells that the end was cut off, and that it was written anew, from a head that was kept elsewhere', async () => {
    const head = (await run('verify')).out
    const last = await lastSequence()
    const cut = () => service.sql`delete from audit_entries where sequence > ${last - 3}`
    await tampered(cut, async () => {
      expect((await run('verify')).code).toBe(0)
      const { code, told } = await run('verify', '--expect', head)
      expect([code, told]).toEqual([1, `Entry ${last - 2} is missing: the end of the log was cut off`])
      await write(3, 'another')
      expect((await run('verify')).code).toBe(0)
      const anew = await run('verify', '--expect', head)
      expect([anew.code, anew.told]).toEqual([1, `Entry ${last} is another one than was expected`])
    })
    expect(await run('verify', '--expect', head)).toMatchObject({ code: 0, out: head })
  })

  test('explains itself when it is not understood', async () => {
    expect((await run()).code).toBe(2)
    expect((await run('verify', '--expect', 'nonsense')).code).toBe(2)
  })
})

test.each([
  ['changed', () => service.sql`update audit_entries set target = 'x'`],
  ['deleted', () => service.sql`delete from audit_entries`],
  ['emptied', () => service.sql`truncate audit_entries`],
])('the log refuses to be %s', async (_, attempt) => {
  const error: unknown = await attempt().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(String(error)).toContain('audit entries are never changed or deleted')
})

describe('the list', () => {
  test('shows entries by who did it and to what, newest first and in pages', async () => {
    const target = `desk-${crypto.randomUUID()}`
    await write(3, target)
    const first = await auditor().listAuditEntries({ actor: 'clerk-1', target, limit: 2 })
    expect(first.items).toMatchObject([
      { facts: expect.arrayContaining([{ name: 'nth', value: '2' }]), action: 'role.saved', target },
      { facts: expect.arrayContaining([{ name: 'nth', value: '1' }]), actorKind: 'staff' },
    ])
    const rest = await auditor().listAuditEntries({ target, cursor: first.nextCursor ?? '' })
    expect(rest).toMatchObject({ items: [{ target }], nextCursor: null })
    expect((await auditor().listAuditEntries({ actor: 'nobody' })).items).toEqual([])
  })

  test('is for who has proved a moment ago who they are', async () => {
    const idle = service.as({ kind: 'admin', id: 'a', scopes: [...scopesOfKind.admin] }).listAuditEntries({})
    await expectRefusal(idle, 'listAuditEntries', 'REAUTHENTICATION_REQUIRED')
  })

  test('is read on from a cursor of its own only', async () => {
    const call = auditor().listAuditEntries({ cursor: 'bm9uc2Vuc2U' })
    await expectRefusal(call, 'listAuditEntries', 'CURSOR_INVALID')
  })
})

test('a refund that payments tells of is written down, once, without whose it is', async () => {
  const [id, orderId] = [PaymentId.parse(crypto.randomUUID()), OrderId.parse(crypto.randomUUID())]
  const price = (amountMinor: number) => ({ amountMinor, currency: 'GBP' as const })
  const refunded = occurred(paymentRefunded, {
    aggregateId: id,
    version: 5,
    data: {
      id,
      orderId,
      provider: 'stripe',
      status: 'refunded',
      amount: price(1_250),
      authorized: price(1_250),
      captured: price(1_250),
      refunded: price(1_250),
      failure: null,
      version: 5,
      orderNumber: 'A-1',
      contact: { email: 'ada@example.org' },
      settlesCancelled: false,
    },
  })
  await service.publish(refunded)
  const entries = async () => (await auditor().listAuditEntries({ target: id })).items
  for (const until = performance.now() + 20_000; (await entries()).length === 0; await Bun.sleep(20))
    if (performance.now() > until) throw new Error('The refund was not written down in 20 s')
  expect(await entries()).toMatchObject([
    {
      actorKind: 'service',
      actorId: 'payments',
      action: 'payment.refunded',
      facts: expect.arrayContaining([
        { name: 'orderId', value: orderId },
        { name: 'refundedMinor', value: '1250' },
      ]),
    },
  ])
  expect(JSON.stringify(await entries())).not.toContain('ada@')
})

test('every error that the contract declares was seen above', () => {
  expect(unseen()).toEqual([])
})

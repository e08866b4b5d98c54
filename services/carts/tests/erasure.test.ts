import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { CartId } from '@comptoir/contracts/ids'
import { systemIds } from '@comptoir/service-kit/ids'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { sql } from 'drizzle-orm'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { remnants } from '../src/db/erase-carts.ts'
import { eraseCarts } from '../src/workers/erase-carts.ts'
import { createFakeShop } from './fake-shop.ts'

const config = Config.parse({ DATABASE_URL: 'postgres://elsewhere', NATS_URL: 'nats://elsewhere' })
const starting = startTestService(app(config), { clients: createFakeShop().clients })
let service: Awaited<typeof starting>

beforeAll(async () => {
  service = await starting
})
afterAll(() => service.stop())

interface Kept {
  readonly owner: string
  readonly state?: 'open' | 'ordered' | 'merged'
  readonly into?: CartId
}

/** A cart that says whose it is, with a line and an answer that was stored of it. */
const keep = async ({ owner, state = 'open', into }: Kept): Promise<CartId> => {
  const id = systemIds.next<CartId>()
  const kind = state === 'merged' ? 'guest' : 'customer'
  const contact = JSON.stringify({ email: 'ada@example.org' })
  await service.sql`
    insert into carts (id, owner_kind, owner_id, state, merged_into, contact)
    values (${id}, ${kind}, ${owner}, ${state}, ${into ?? null}, ${contact}::text::jsonb)`
  await service.sql`
    insert into cart_lines (cart_id, variant_id, quantity, product_id, sku, name, tax_class, added_at)
    values (${id}, ${systemIds.next()}, 1, ${systemIds.next()}, 's', 'n', 'standard', now())`
  await service.sql`
    insert into idempotency_keys (principal, procedure, key, fingerprint, operation_id, owner, lease_until, answer)
    values (${`customer:${owner}`}, 'carts.setAddress', ${id}, 'f', ${id}, ${id}, now(),
      jsonb_build_object('id', ${id}::text, 'contact', ${contact}::text::jsonb))`
  return id
}
const erase = (owner: string) => service.sql`insert into erased_owners (owner_id) values (${owner})`
const sweep = async () => eraseCarts.run(service.context, new AbortController().signal)

/** What a cart still is, and whether its row, lines or answers say anything of its owner. */
const leftOf = async (id: CartId) => {
  const [row] = await service.sql`
    select (select state from carts where id = ${id}) as state,
      exists (select from carts where id = ${id} and contact is not null)
      or exists (select from cart_lines where cart_id = ${id})
      or exists (select from idempotency_keys where answer->>'id' = ${id} and answer->>'contact' is not null) as tells`
  return row
}

test('the carts of who was erased go, whatever became of them, and nobody else’s', async () => {
  const [owner, other] = [crypto.randomUUID(), crypto.randomUUID()]
  const open = await keep({ owner })
  const ordered = await keep({ owner, state: 'ordered' })
  const merged = await keep({ owner: crypto.randomUUID(), state: 'merged', into: open })
  const foreign = await keep({ owner: other })
  await erase(owner)
  await sweep()
  expect(await leftOf(open)).toEqual({ state: null, tells: false })
  expect(await leftOf(ordered)).toEqual({ state: 'ordered', tells: false })
  expect(await leftOf(merged)).toEqual({ state: 'merged', tells: false })
  expect(await leftOf(foreign)).toEqual({ state: 'open', tells: true })
})

/** Has the database refuse to change a cart until it is disposed of. */
const refusing = async (id: CartId): Promise<AsyncDisposable> => {
  await service.sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
    create trigger refusing before update on carts for each row when (new.id = '${id}') execute function refuse()`)
  return { [Symbol.asyncDispose]: async () => void (await service.sql`drop function refuse() cascade`) }
}

test('a cart that cannot be erased keeps none behind it waiting, and is tried again', async () => {
  const owner = crypto.randomUUID()
  const first = await keep({ owner, state: 'ordered' })
  const second = await keep({ owner })
  await erase(owner)
  {
    await using _ = await refusing(first)
    await expect(sweep()).rejects.toThrow('1 of what was due failed')
    expect(await leftOf(second)).toEqual({ state: null, tells: false })
    expect(await leftOf(first)).toEqual({ state: 'ordered', tells: true })
  }
  await sweep()
  expect(await leftOf(first)).toEqual({ state: 'ordered', tells: false })
})

test('a guest’s cart that could not be erased is found again, because the one that it went into stays until then', async () => {
  const owner = crypto.randomUUID()
  const open = await keep({ owner })
  const merged = await keep({ owner: crypto.randomUUID(), state: 'merged', into: open })
  await erase(owner)
  {
    await using _ = await refusing(merged)
    await expect(sweep()).rejects.toThrow('1 of what was due failed')
  }
  await sweep()
  expect(await leftOf(merged)).toEqual({ state: 'merged', tells: false })
  expect(await leftOf(open)).toEqual({ state: null, tells: false })
})

test('what is left of the erased, and answers about it, are found by indexes in full tables', async () => {
  await service.sql`
    insert into carts (id, owner_kind, owner_id, state, merged_into)
    select gen_random_uuid(), 'customer', gen_random_uuid()::text, 'ordered', gen_random_uuid()
    from generate_series(1, 20_000)`
  await service.sql`
    insert into cart_lines (cart_id, variant_id, quantity, product_id, sku, name, tax_class, added_at)
    select id, gen_random_uuid(), 1, gen_random_uuid(), 's', 'n', 'standard', now() from carts`
  await service.sql`
    insert into erased_owners (owner_id, erased_at)
    select gen_random_uuid()::text, now() - n * interval '1 hour' from generate_series(1, 5_000) n`
  await service.sql`
    insert into idempotency_keys (principal, procedure, key, fingerprint, operation_id, owner, lease_until, answer)
    select 'p', 'p', n::text, 'f', gen_random_uuid(), gen_random_uuid(), now(),
      jsonb_build_object('id', gen_random_uuid()) from generate_series(1, 5_000) n`
  await service.sql`analyze`
  const { db } = service.context
  const plans = [
    await db.execute(sql`explain ${remnants(undefined, 50)}`),
    await db.execute(sql`explain ${remnants(systemIds.next<CartId>(), 50)}`),
    await service.sql`
      explain select from idempotency_keys where answer is not null and answer->>'id' = ${crypto.randomUUID()}`,
  ]
  for (const plan of plans) expect(JSON.stringify(plan)).not.toContain('Seq Scan')
  expect(JSON.stringify(plans)).toContain('idempotency_keys_answer')
})

// Somebody whose data nobody else has, in every place where a shop asks for them.
import type { Shop } from '@comptoir/dev/demo/shop'
import type { Databases } from './databases.ts'
import { password } from './second-factor.ts'
import type { SeededProduct } from './test-stack.ts'

export interface Person {
  readonly token: string
  readonly id: string
  /** What must be found nowhere once they are erased. */
  readonly marks: readonly string[]
}

/** Opens an account with a mark in its name and address, and one in its telephone number. */
export const openMarked = async (shop: Shop): Promise<Person> => {
  const [digits] = crypto.getRandomValues(new Uint32Array(1))
  const mark = `zenobia${crypto.randomUUID().replaceAll('-', '')}`
  const phone = `+447${String(digits).padStart(10, '0').slice(-9)}`
  const email = `${mark}@example.com`
  const { accessToken: token, subject } = await shop('identity', 'register', {
    email,
    password,
    name: mark,
    phone,
  })
  return { token, id: subject, marks: [mark, phone] }
}

/** Puts one unit into the cart, to be sent to the person. */
export const fillMarked = async (shop: Shop, { token, marks }: Person, product: SeededProduct) => {
  const [mark = '', phone = ''] = marks
  await shop(
    'carts',
    'addLine',
    { variantId: product.variantId, quantity: 1 },
    { token, idempotencyKey: crypto.randomUUID() },
  )
  const address = { name: mark, line1: mark, city: mark, postalCode: 'SW1Y 4JH', country: 'GB' }
  const contact = { email: `${mark}@example.com`, phone }
  const idempotencyKey = crypto.randomUUID()
  await shop('carts', 'setAddress', { address, contact }, { token })
  await shop('carts', 'setDeliveryOption', { code: 'standard' }, { token, idempotencyKey })
}

/** The tables of all services that hold one of the marks anywhere, bytes included. */
export const tablesWith = async (databases: Databases, marks: readonly string[]): Promise<string[]> => {
  const found = await Promise.all(
    Object.entries(databases).map(([service, sql]) => tablesOfOne(service, sql, marks)),
  )
  return found.flat().toSorted()
}

const tablesOfOne = async (
  service: string,
  sql: Databases['identity'],
  marks: readonly string[],
): Promise<string[]> => {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`
  const hits: string[] = []
  for (const { name } of tables) {
    const patterns = marks.flatMap((mark) => [mark, Buffer.from(mark).toString('hex')])
    const rows = await sql`
      select 1 from ${sql.unsafe(name)} as t
      where exists (select from jsonb_array_elements_text(${JSON.stringify(patterns)}::text::jsonb) as mark where t::text ilike '%' || mark || '%') limit 1`
    if (rows.length > 0) hits.push(`${service} ${name}`)
  }
  return hits
}

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { OrderId } from '@comptoir/contracts/ids'
import fc from 'fast-check'
import { expireDue } from '../src/db/give-units.ts'
import { commit, release, reserve, ship } from '../src/db/reservations.ts'
import { levelEvents, sumLines } from '../src/domain/stock.ts'
import { type Catalog, first, imbalances, newOrder, startCatalog } from './fixture.ts'

let shop: Catalog
beforeAll(async () => {
  shop = await startCatalog()
})
afterAll(() => shop.service.stop())

const order = fc.nat({ max: 3 })
const step = fc.oneof(
  fc.record({
    do: fc.constant('reserve' as const),
    order,
    lines: fc.array(fc.record({ variant: fc.nat({ max: 2 }), quantity: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  fc.record({
    do: fc.constantFrom('commit' as const, 'release' as const, 'ship' as const, 'expire' as const),
    order,
  }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const at = <T>(items: readonly T[], index: number): T => first(items.slice(index))

/** Does one step as the procedures and consumers do it; refusals roll back. */
const perform = async (
  given: Step,
  orders: readonly OrderId[],
  variants: readonly ReturnType<Catalog['variantOf']>[],
) => {
  const { context } = shop.service
  const orderId = at(orders, given.order)
  if (given.do === 'expire') await shop.makeDue(orderId)
  const work = context.transaction(async (tx) => {
    if (given.do === 'release') return context.emit(tx, levelEvents((await release(tx, orderId)).levels))
    if (given.do === 'ship') return context.emit(tx, levelEvents(await ship(tx, orderId)))
    if (given.do === 'expire') return context.emit(tx, levelEvents((await expireDue(tx, 200)).levels))
    const lines = given.do === 'reserve' ? given.lines : []
    const named = sumLines(
      lines.map(({ variant, quantity }) => ({ variantId: at(variants, variant), quantity })),
    )
    const held =
      given.do === 'reserve'
        ? await reserve(tx, { orderId, lines: named, minutes: 15 })
        : await commit(tx, orderId)
    if (held.outcome !== 'reserved') throw new Error('refused')
    return context.emit(tx, levelEvents(held.levels))
  })
  await work.catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'refused') throw error
  })
}

test('whatever happens in whatever order, also at once: levels are the sums of movements and of open reservations', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
      async (rounds) => {
        const products = await Promise.all([shop.stocked(0), shop.stocked(5), shop.stocked(9)])
        const variants = products.map(shop.variantOf)
        const orders = Array.from({ length: 4 }, newOrder)
        for (const round of rounds) {
          await Promise.all(round.map((given) => perform(given, orders, variants)))
          expect([...(await imbalances(shop))]).toEqual([])
        }
      },
    ),
    { numRuns: 25 },
  )
})

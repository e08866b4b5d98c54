import { expect, test } from 'bun:test'
import { VariantId } from '@comptoir/contracts/ids'
import { levelEvents, sumLines } from './stock.ts'

const a = VariantId.parse('01890000-0000-7000-8000-00000000000a')
const b = VariantId.parse('01890000-0000-7000-8000-00000000000b')

test('adds up the lines of one variant and orders by variant', () => {
  const lines = [
    { variantId: b, quantity: 1 },
    { variantId: a, quantity: 2 },
    { variantId: b, quantity: 3 },
  ]
  expect(sumLines(lines)).toEqual([
    { variantId: a, quantity: 2 },
    { variantId: b, quantity: 4 },
  ])
})

test('tells what is available after the change, under the version of the level', () => {
  const [event] = levelEvents([{ variantId: a, sku: 'A', onHand: 10, allocated: 3, version: 7 }])
  expect(event).toMatchObject({ aggregateId: a, version: 7, data: { available: 7, sku: 'A' } })
})

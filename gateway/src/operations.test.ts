import { describe, expect, test } from 'bun:test'
import { anonymous, type Actor } from '@comptoir/contracts/access'
import { services } from '@comptoir/contracts/app'
import { publicOperations, refusal, type Operation } from './operations.ts'

const operations = publicOperations(services)
const operation = (path: string): Operation => {
  const found = operations.get(path)
  if (found === undefined) throw new Error(`There is no ${path}`)
  return found
}
const guest: Actor = { kind: 'guest', id: 'g', scopes: [] }
const customer: Actor = { kind: 'customer', id: 'c', scopes: [] }
const packer: Actor = { kind: 'staff', id: 's', scopes: ['orders:write'] }

test('offers every operation but the internal ones', () => {
  const all = Object.entries(services).flatMap(([service, contract]) =>
    Object.entries(contract).map(([name, { access }]) => ({ path: `${service}.${name}`, access })),
  )
  const offered = all.filter(({ access }) => access !== 'internal').map(({ path }) => path)
  expect([...operations.keys()].toSorted()).toEqual(offered.toSorted())
  expect(offered.length).toBeLessThan(all.length)
})

test('does not find operations by names that every object has', () => {
  for (const path of ['__proto__', 'constructor', 'orders.constructor', 'orders.__proto__', 'orders', ''])
    expect(operations.get(path)).toBeUndefined()
})

describe('refusal', () => {
  test.each([
    ['catalog.listProducts', anonymous, undefined],
    ['carts.getCart', anonymous, 'UNAUTHENTICATED'],
    ['carts.getCart', guest, undefined],
    ['identity.getMe', guest, 'FORBIDDEN'],
    ['identity.getMe', customer, undefined],
    ['orders.prepareOrder', anonymous, 'UNAUTHENTICATED'],
    ['orders.prepareOrder', customer, 'FORBIDDEN'],
    ['orders.prepareOrder', packer, undefined],
    ['orders.getOrder', guest, undefined],
  ] as const)('%s for %j: %p', (path, actor, code) => {
    expect(refusal(operation(path), { ...actor, scopes: [...actor.scopes] })?.code).toBe(code)
  })
})

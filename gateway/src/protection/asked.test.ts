import { expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { publicOperations } from '../operations.ts'
import { createAskedByNames, createAskedByRoute, namesIn, nothingAsked } from './asked.ts'

const operations = publicOperations(services)
const byNames = createAskedByNames(operations)
const byRoute = createAskedByRoute(operations)

test.each([
  ['orders.placeOrder', 'checkout'],
  ['payments.startPayment', 'checkout'],
  ['payments.getPayment', 'checkout'],
  ['carts.addLine', 'checkout'],
  ['carts.getCart', 'checkout'],
  ['orders.listOrders', 'account'],
  ['identity.login', 'account'],
  ['identity.getMe', 'account'],
  ['orders.prepareOrder', 'account'],
  ['catalog.listProducts', 'browse'],
  ['delivery.trackShipment', 'browse'],
  ['catalog.importProducts', 'crawl'],
] as const)('%s is %s', (name, priority) => {
  expect(byNames(name).priority).toBe(priority)
})

test('an operation is the same by its name and by its route', () => {
  for (const { path, contract } of operations.values()) {
    if (contract.http === undefined) continue
    const route = contract.http.path.replaceAll(/\{(\w+)\}/g, ':$1')
    expect(byRoute(contract.http.method, route)).toEqual(byNames(path))
  }
})

test('a batch matters as much as its first among equals and counts call by call', () => {
  expect(byNames('catalog.listProducts,orders.placeOrder,identity.login,catalog.getProduct')).toEqual({
    priority: 'checkout',
    timeoutMs: 5_000,
    reads: 2,
    writes: 1,
    entries: 1,
  })
})

test('what needs no credential and changes something is an entry', () => {
  for (const name of ['identity.login', 'identity.register', 'identity.createGuest', 'identity.refresh'])
    expect(byNames(name)).toMatchObject({ entries: 1, writes: 0, reads: 0 })
})

test('what we do not have costs a read and never fails', () => {
  expect(byNames('no.such')).toEqual(nothingAsked)
  expect(byNames('')).toEqual(nothingAsked)
  expect(byRoute('PUT', '/v1/orders')).toBeUndefined()
})

test('names are read as the face reads them', () => {
  expect(namesIn('/trpc/a.b,c.d?batch=1')).toBe('a.b,c.d')
  expect(namesIn('/trpc/a.b%2Cc.d')).toBe('a.b,c.d')
  expect(namesIn('/trpc/%E0%A4%A')).toBe('%E0%A4%A')
})

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { addressProcedures } from '@comptoir/contracts/identity/addresses'
import { customerActor } from '@comptoir/service-kit/testing/actors'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { openStage, type Stage } from './stage.ts'

const { expectRefusal, unseen } = refusals(addressProcedures)
const london = { name: 'Ada', line1: '1 High Street', city: 'London', postalCode: 'N1 1AA', country: 'GB' }
const paris = { name: 'Ada', line1: '1 rue Haute', city: 'Paris', postalCode: '75001', country: 'FR' }
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.service.stop())

const defaults = (items: { isDefault: boolean }[]) => items.map(({ isDefault }) => isDefault)

describe('an address', () => {
  test('is kept as it was given, the first as the one that is meant by default', async () => {
    const { me } = await stage.register()
    const first = await me.addAddress({ address: { ...london, line2: 'Flat 2' } })
    expect(first).toMatchObject({ address: { ...london, line2: 'Flat 2' }, isDefault: true, version: 1 })
    const second = await me.addAddress({ address: paris })
    expect(await me.listAddresses({})).toEqual({ items: [first, second] })
    expect(second.isDefault).toBe(false)
  })

  test('that is meant by default takes the place of the one before', async () => {
    const { me } = await stage.register()
    await me.addAddress({ address: london })
    const { id } = await me.addAddress({ address: paris, isDefault: true })
    expect(defaults((await me.listAddresses({})).items)).toEqual([false, true])
    await me.updateAddress({ addressId: id, isDefault: false })
    expect(defaults((await me.listAddresses({})).items)).toEqual([false, false])
  })

  test('changes in the version that was read only, and loses what is not given any more', async () => {
    const { me } = await stage.register()
    const { id: addressId } = await me.addAddress({ address: { ...london, line2: 'Flat 2' } })
    const changed = await me.updateAddress({ addressId, address: london, version: 1 })
    expect(changed).toEqual({ id: addressId, address: london, isDefault: true, version: 2 })
    const stale = me.updateAddress({ addressId, address: paris, version: 1 })
    await expectRefusal(stale, 'updateAddress', 'PRECONDITION_FAILED')
    expect((await me.listAddresses({})).items).toEqual([changed])
  })

  test('that its country does not know is refused, and the error names the fields', async () => {
    const { me } = await stage.register()
    const nowhere = { ...london, country: 'US' }
    const error = await expectRefusal(me.addAddress({ address: nowhere }), 'addAddress', 'ADDRESS_INVALID')
    expect(error.fields?.map(({ pointer }) => pointer)).toEqual(['/address/postalCode', '/address/region'])
    const { id: addressId } = await me.addAddress({ address: london })
    const change = me.updateAddress({ addressId, address: nowhere })
    await expectRefusal(change, 'updateAddress', 'ADDRESS_INVALID')
  })

  test('of somebody else is not there', async () => {
    const { id: addressId } = await (await stage.register()).me.addAddress({ address: london })
    const { me } = await stage.register()
    await expectRefusal(me.updateAddress({ addressId }), 'updateAddress', 'ADDRESS_NOT_FOUND')
    await expectRefusal(me.removeAddress({ addressId }), 'removeAddress', 'ADDRESS_NOT_FOUND')
  })

  test('that is removed is gone', async () => {
    const { me } = await stage.register()
    const { id: addressId } = await me.addAddress({ address: london })
    expect(await me.removeAddress({ addressId })).toBeNull()
    expect(await me.listAddresses({})).toEqual({ items: [] })
  })
})

test('fifty addresses are kept at most, however many are added at once', async () => {
  const { me } = await stage.register()
  for (let kept = 0; kept < 48; kept += 1) await me.addAddress({ address: london })
  const results = await Promise.allSettled(Array.from({ length: 4 }, () => me.addAddress({ address: paris })))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  await expectRefusal(me.addAddress({ address: paris }), 'addAddress', 'ADDRESSES_FULL')
})

test('the same request twice keeps one address', async () => {
  const { me } = await stage.register()
  const idempotencyKey = crypto.randomUUID()
  const first = await me.addAddress({ address: london }, { idempotencyKey })
  expect(await me.addAddress({ address: london }, { idempotencyKey })).toEqual(first)
  expect((await me.listAddresses({})).items).toHaveLength(1)
})

test('somebody who is not there any more needs a new credential', async () => {
  const gone = stage.service.as(customerActor())
  await expectRefusal(gone.addAddress({ address: london }), 'addAddress', 'UNAUTHENTICATED')
})

test('every error that the contract declares was seen above', () => {
  expect(unseen()).toEqual([])
})

import { expect, test } from 'bun:test'
import type { OrderId } from '@comptoir/contracts/ids'
import { createWatchers } from './watchers.ts'

const orderId = '0192f0c1-0000-7000-8000-000000000001' as OrderId
const never = new AbortController().signal

test('wakes for what is newer, also when the news came before the wait', async () => {
  const watchers = createWatchers()
  using watch = watchers.open(orderId)
  watchers.tell(orderId, 5)
  await watch.after(4, never)
  let woken = false
  const wait = async () => {
    await watch.after(5, never)
    woken = true
  }
  const waiting = wait()
  watchers.tell(orderId, 5)
  await Promise.resolve()
  expect(woken).toBe(false)
  watchers.tell(orderId, 6)
  await waiting
  expect(woken).toBe(true)
})

test('an abort ends the wait, and closing forgets the order', async () => {
  const watchers = createWatchers()
  const leaving = new AbortController()
  {
    using watch = watchers.open(orderId)
    using other = watchers.open(orderId)
    expect(watchers.orderIds()).toEqual([orderId])
    const waits = [watch.after(0, leaving.signal), other.after(0, leaving.signal)]
    leaving.abort()
    await Promise.all(waits)
  }
  expect(watchers.orderIds()).toEqual([])
})

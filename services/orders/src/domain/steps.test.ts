import { expect, test } from 'bun:test'
import { orderStatuses, PaymentState } from '@comptoir/contracts/orders/model'
import { backoffMs, firstSteps, progress, type Steps, stepStates } from './steps.ts'

const steps = (commit: Steps['commit-stock'], capture: Steps['capture-payment'] = 'waiting'): Steps => ({
  'reserve-stock': 'done',
  'authorise-payment': 'done',
  'commit-stock': commit,
  'capture-payment': capture,
})

test('nothing happens before there is money', () => {
  for (const paymentStatus of ['unpaid', 'failed', 'refunded'] as const) {
    expect(progress({ status: 'received', paymentStatus }, firstSteps)).toEqual({ moves: [], confirm: false })
  }
})

test('promised money has the stock committed', () => {
  expect(progress({ status: 'received', paymentStatus: 'authorized' }, firstSteps)).toEqual({
    moves: [
      { name: 'authorise-payment', to: 'done' },
      { name: 'commit-stock', to: 'ready' },
    ],
    confirm: false,
  })
})

test('committed stock has the promised money taken', () => {
  expect(progress({ status: 'received', paymentStatus: 'authorized' }, steps('done'))).toEqual({
    moves: [{ name: 'capture-payment', to: 'ready' }],
    confirm: false,
  })
})

test('money that comes first needs no capture, but the stock before the order is confirmed', () => {
  expect(progress({ status: 'received', paymentStatus: 'paid' }, firstSteps)).toEqual({
    moves: [
      { name: 'authorise-payment', to: 'done' },
      { name: 'commit-stock', to: 'ready' },
      { name: 'capture-payment', to: 'done' },
    ],
    confirm: false,
  })
  expect(progress({ status: 'received', paymentStatus: 'paid' }, steps('done', 'done')).confirm).toBe(true)
})

test('whatever the facts, no confirmation without stock and money and no capture without stock', () => {
  const cases = stepStates.flatMap((commit) =>
    stepStates.flatMap((capture) =>
      PaymentState.options.flatMap((paymentStatus) =>
        orderStatuses.map((status) => ({ commit, capture, paymentStatus, status })),
      ),
    ),
  )
  for (const { commit, capture, paymentStatus, status } of cases) {
    const { moves, confirm } = progress({ status, paymentStatus }, steps(commit, capture))
    const taken = paymentStatus === 'paid' || paymentStatus === 'partially_refunded'
    expect(confirm).toBe(status === 'received' && taken && commit === 'done')
    const captures = moves.some((move) => move.name === 'capture-payment' && move.to === 'ready')
    expect(captures && (commit !== 'done' || taken || status !== 'received')).toBe(false)
    if (status !== 'received') expect(moves.every((move) => move.to === 'skipped')).toBe(true)
  }
})

test('tries come ever more slowly, five minutes apart at most', () => {
  expect(backoffMs(1, 0)).toBe(250)
  expect(backoffMs(1, 1)).toBe(500)
  expect(backoffMs(3, 1)).toBe(2_000)
  expect(backoffMs(1_000, 1)).toBe(300_000)
})

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
    expect(progress({ status: 'received', paymentStatus }, firstSteps)).toEqual({ moves: [], outcome: null })
  }
})

test('promised money has the stock committed', () => {
  expect(progress({ status: 'received', paymentStatus: 'authorized' }, firstSteps)).toEqual({
    moves: [
      { name: 'authorise-payment', to: 'done' },
      { name: 'commit-stock', to: 'ready' },
    ],
    outcome: null,
  })
})

test('committed stock has the promised money taken', () => {
  expect(progress({ status: 'received', paymentStatus: 'authorized' }, steps('done'))).toEqual({
    moves: [{ name: 'capture-payment', to: 'ready' }],
    outcome: null,
  })
})

test('money that comes first needs no capture, but the stock before the order is confirmed', () => {
  expect(progress({ status: 'received', paymentStatus: 'paid' }, firstSteps)).toEqual({
    moves: [
      { name: 'authorise-payment', to: 'done' },
      { name: 'commit-stock', to: 'ready' },
      { name: 'capture-payment', to: 'done' },
    ],
    outcome: null,
  })
  expect(progress({ status: 'received', paymentStatus: 'paid' }, steps('done', 'done')).outcome).toBe(
    'confirm',
  )
})

test('money that is withdrawn after it was promised ends the order, however far it has come', () => {
  for (const paymentStatus of ['unpaid', 'refunded'] as const) {
    expect(progress({ status: 'received', paymentStatus }, steps('running'))).toEqual({
      moves: [
        { name: 'commit-stock', to: 'skipped' },
        { name: 'capture-payment', to: 'skipped' },
      ],
      outcome: 'cancel',
    })
    expect(progress({ status: 'received', paymentStatus }, steps('done', 'done'))).toEqual({
      moves: [],
      outcome: 'cancel',
    })
  }
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
    const { moves, outcome } = progress({ status, paymentStatus }, steps(commit, capture))
    const taken = paymentStatus === 'paid' || paymentStatus === 'partially_refunded'
    expect(outcome === 'confirm').toBe(status === 'received' && taken && commit === 'done')
    const captures = moves.some((move) => move.name === 'capture-payment' && move.to === 'ready')
    expect(captures && (commit !== 'done' || taken || status !== 'received')).toBe(false)
    if (status !== 'received') expect(moves.every((move) => move.to === 'skipped')).toBe(true)
    const promised = taken || paymentStatus === 'authorized'
    expect(outcome === 'cancel').toBe(status === 'received' && !promised)
  }
})

test('tries come ever more slowly, five minutes apart at most', () => {
  expect(backoffMs(1, 300_000, 0)).toBe(250)
  expect(backoffMs(1, 300_000, 1)).toBe(500)
  expect(backoffMs(3, 300_000, 1)).toBe(2_000)
  expect(backoffMs(1_000, 300_000, 1)).toBe(300_000)
})

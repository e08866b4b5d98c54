import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createBreaker, type Outcome } from './breaker.ts'

/** A breaker on a clock that the test moves. */
const onClock = () => {
  let ms = 1_000_000
  const breaker = createBreaker(() => ms)
  const call = (outcome: Outcome): boolean => {
    const era = breaker.enter()
    if (era !== undefined) breaker.leave(era, outcome)
    return era !== undefined
  }
  const calls = (count: number, outcome: Outcome) => {
    for (let n = 0; n < count; n += 1) call(outcome)
  }
  return { breaker, call, calls, pass: (by: number) => (ms += by) }
}

test('opens when half of twenty calls in ten seconds have failed, and refuses for five seconds', () => {
  const { breaker, call, calls, pass } = onClock()
  calls(10, 'succeeded')
  calls(9, 'failed')
  expect(breaker.state()).toBe('closed')
  call('failed')
  expect(breaker.state()).toBe('open')
  pass(4_999)
  expect(call('succeeded')).toBe(false)
  expect(breaker.opensInMs()).toBe(1)
})

test('stays closed below twenty calls, and below a half', () => {
  const few = onClock()
  few.calls(19, 'failed')
  expect(few.breaker.state()).toBe('closed')
  const some = onClock()
  for (let n = 0; n < 100; n += 1) some.call(n % 3 === 0 ? 'failed' : 'succeeded')
  expect(some.breaker.state()).toBe('closed')
})

test('opens after twenty failures one after another, however much went well before', () => {
  const { breaker, calls } = onClock()
  calls(1_000, 'succeeded')
  calls(19, 'failed')
  calls(1, 'succeeded')
  calls(19, 'failed')
  expect(breaker.state()).toBe('closed')
  calls(1, 'failed')
  expect(breaker.state()).toBe('open')
})

test('forgets what is older than ten seconds', () => {
  const { breaker, calls, pass } = onClock()
  calls(19, 'failed')
  pass(10_000)
  calls(19, 'failed')
  expect(breaker.state()).toBe('closed')
})

test('does not count calls whose clients have left', () => {
  const { breaker, calls } = onClock()
  calls(100, 'void')
  calls(19, 'failed')
  expect(breaker.state()).toBe('closed')
})

describe('after five seconds', () => {
  const opened = () => {
    const on = onClock()
    on.calls(20, 'failed')
    on.pass(5_000)
    return on
  }

  test('one probe goes through, and nobody beside it', () => {
    const { breaker } = opened()
    expect(breaker.enter()).toBeDefined()
    expect(breaker.state()).toBe('half-open')
    expect(breaker.enter()).toBeUndefined()
  })

  test('closes on its success, with nothing held against the service', () => {
    const { breaker, call, calls } = opened()
    call('succeeded')
    expect(breaker.state()).toBe('closed')
    calls(19, 'failed')
    expect(breaker.state()).toBe('closed')
  })

  test('opens again on its failure', () => {
    const { breaker, call } = opened()
    call('failed')
    expect(breaker.opensInMs()).toBe(5_000)
    expect(call('succeeded')).toBe(false)
  })

  test('a probe that comes to nothing leaves the place to the next', () => {
    const { breaker, call } = opened()
    call('void')
    expect(breaker.enter()).toBeDefined()
  })

  test('an answer that was begun before it opened decides nothing', () => {
    const { breaker, calls, pass } = onClock()
    const late = breaker.enter() ?? -1
    calls(20, 'failed')
    breaker.leave(late, 'succeeded')
    expect(breaker.state()).toBe('open')
    pass(5_000)
    breaker.enter()
    breaker.leave(late, 'succeeded')
    expect(breaker.state()).toBe('half-open')
  })
})

describe('a service that has been renewed', () => {
  test('is tried at once, by one probe', () => {
    const { breaker, call, calls } = onClock()
    calls(20, 'failed')
    breaker.renew()
    expect(breaker.opensInMs()).toBe(0)
    const probe = breaker.enter() ?? -1
    expect(breaker.enter()).toBeUndefined()
    breaker.leave(probe, 'succeeded')
    expect(breaker.state()).toBe('closed')
    expect(call('succeeded')).toBe(true)
  })

  test('does not wait for the probe of the one before', () => {
    const { breaker, calls, pass } = onClock()
    calls(20, 'failed')
    pass(5_000)
    const old = breaker.enter() ?? -1
    breaker.renew()
    const probe = breaker.enter() ?? -1
    breaker.leave(old, 'failed')
    expect(breaker.state()).toBe('half-open')
    breaker.leave(probe, 'succeeded')
    expect(breaker.state()).toBe('closed')
  })

  test('is given up again for five seconds when its probe fails', () => {
    const { breaker, call, calls } = onClock()
    calls(20, 'failed')
    breaker.renew()
    call('failed')
    expect(breaker.opensInMs()).toBe(5_000)
  })

  test('keeps what was counted while it was trusted', () => {
    const { breaker, calls } = onClock()
    calls(19, 'failed')
    breaker.renew()
    calls(1, 'failed')
    expect(breaker.state()).toBe('open')
    expect(breaker.opensInMs()).toBe(5_000)
  })
})

test('whatever happens: never open without twenty calls, never more than one probe, closed again once all is well', () => {
  const step = fc.record({
    outcome: fc.constantFrom<Outcome>('succeeded', 'failed', 'void'),
    waitMs: fc.nat(3_000),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { breaker, call, calls, pass } = onClock()
      for (const [index, { outcome, waitMs }] of steps.entries()) {
        pass(waitMs)
        call(outcome)
        if (index < 19) expect(breaker.state()).toBe('closed')
        const probe = breaker.state() === 'closed' ? undefined : breaker.enter()
        if (probe === undefined) continue
        expect(breaker.enter()).toBeUndefined()
        breaker.leave(probe, 'void')
      }
      pass(5_000)
      calls(1, 'succeeded')
      expect(breaker.state()).toBe('closed')
    }),
  )
})

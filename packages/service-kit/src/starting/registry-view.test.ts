import { expect, test } from 'bun:test'
import { createRegistryView } from './registry-view.ts'

/** Instances of the catalogue on a clock that the test moves. */
const view = (...names: string[]) => {
  let ms = 100_000
  const registry = createRegistryView(undefined, () => ms)
  const entry = (name: string) =>
    JSON.stringify({ service: 'catalog', url: `http://${name}`, publicJwk: { kty: 'EC' } })
  const beat = (name: string) => registry.remember(`catalog.${name}`, entry(name))
  const begin = () => {
    const target = registry.pick('catalog')
    if (target === undefined) throw new Error('Nobody is there')
    return { ...target, name: new URL(target.url).hostname }
  }
  /** Makes one call, which comes to what `isWell` says of the instance. */
  const call = (isWell: (name: string) => boolean = () => true) => {
    const { name, answered, release } = begin()
    const ofInstance = answered(isWell(name))
    release()
    return { name, ofInstance }
  }
  const calls = (count: number, isWell?: (name: string) => boolean) =>
    Array.from({ length: count }, () => call(isWell))
  for (const name of names) beat(name)
  const pass = (by: number) => (ms += by)
  return { begin, call, calls, beat, pass }
}
const timesOf = (name: string, calls: readonly { readonly name: string }[]): number =>
  calls.filter((call) => call.name === name).length
const butA = (name: string): boolean => name !== 'a'

test('of two instances that with fewer calls under way is picked', () => {
  const { begin } = view('a', 'b')
  const first = begin()
  for (let n = 0; n < 20; n += 1) {
    const second = begin()
    expect(second.name).not.toBe(first.name)
    second.release()
  }
})

test('a heartbeat does not make an instance forget that a call is over', () => {
  const { begin, beat } = view('a', 'b')
  const first = begin()
  beat(first.name)
  first.release()
  const names = new Set(
    Array.from({ length: 200 }, () => (begin().release(), begin())).map(({ name }) => name),
  )
  expect(names).toEqual(new Set(['a', 'b']))
})

test('an instance that fails three times in a row is ejected, and that tells nothing of the service', () => {
  const { calls } = view('a', 'b', 'c')
  const made = calls(300, butA).filter(({ name }) => name === 'a')
  expect(made.map(({ ofInstance }) => ofInstance)).toEqual([false, false, true])
})

test('one that fails now and then is not', () => {
  const { calls } = view('a', 'b')
  let nth = 0
  const made = calls(300, (name) => name !== 'a' || (nth += 1) % 3 === 0)
  expect(timesOf('a', made)).toBeGreaterThan(50)
})

test('after a pause and a heartbeat one call tries it, and all others wait for what comes of that', () => {
  const { begin, calls, beat, pass } = view('a', 'b')
  calls(100, butA)
  pass(5_000)
  expect(timesOf('a', calls(100, butA))).toBe(0)
  beat('a')
  expect(timesOf('a', calls(100, butA))).toBe(1)
  pass(9_999)
  beat('a')
  expect(timesOf('a', calls(100, butA))).toBe(0)
  pass(1)
  const begun = Array.from({ length: 50 }, begin)
  expect(timesOf('a', begun)).toBe(1)
  for (const { name, answered, release } of begun) {
    expect([name, answered(true)]).toEqual([name, false])
    release()
  }
  expect(timesOf('a', calls(100))).toBeGreaterThan(20)
})

test('where nobody can be heard of, it is tried once silence would have dropped it', () => {
  const { calls, pass } = view('a', 'b')
  calls(100, butA)
  pass(14_999)
  expect(timesOf('a', calls(100))).toBe(0)
  pass(1)
  expect(timesOf('a', calls(100))).toBeGreaterThan(20)
})

test('what was begun before it was ejected does not eject it for longer, nor bring it back', () => {
  const { begin, beat, calls, pass } = view('a', 'b')
  const begun = Array.from({ length: 40 }, begin)
  for (const { name, answered, release } of begun) {
    answered(butA(name))
    release()
  }
  const late = begun.find(({ name }) => name === 'a')
  late?.answered(true)
  expect(timesOf('a', calls(100))).toBe(0)
  pass(5_000)
  beat('a')
  expect(timesOf('a', calls(100))).toBeGreaterThan(20)
})

test('where all are ejected all are called, and their failures are those of the service', () => {
  const { calls } = view('a', 'b', 'c')
  calls(100, () => false)
  const made = calls(300, () => false)
  expect(new Set(made.map(({ name }) => name))).toEqual(new Set(['a', 'b', 'c']))
  expect(made.some(({ ofInstance }) => ofInstance)).toBe(false)
})

test('the only instance is called however it fails', () => {
  const { calls } = view('a')
  expect(calls(10, () => false)).toHaveLength(10)
})

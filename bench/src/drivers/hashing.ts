// A process of its own: passwords are checked as identity checks them, while it is watched how late its event loop is.
import { passwords } from '../../../services/identity/src/security/passwords.ts'
import { spreadOf } from '../measure/percentiles.ts'
import type { Hashed, Hashing } from './hashing-task.ts'
import { readTask, tell } from './task.ts'

const { lanes, seconds } = await readTask<Hashing>()
const everyMs = 5
const { hash, matches } = passwords()
const kept = await hash('a long enough password')
const late: number[] = []
let due = performance.now() + everyMs
const watch = setInterval(() => {
  const now = performance.now()
  late.push(Math.max(0, now - due))
  due = now + everyMs
}, everyMs)

const endAt = performance.now() + seconds * 1_000
let checked = 0
const checkOn = async (): Promise<void> => {
  while (performance.now() < endAt) {
    if (await matches('a long enough password', kept)) checked += 1
  }
}
await Promise.all(Array.from({ length: lanes }, checkOn))
clearInterval(watch)
tell({ perSecond: checked / seconds, loopDelay: spreadOf(late) } satisfies Hashed)

// A process of its own: so many shoppers at once, each beginning anew as soon as its last purchase is done.
import { createChoices } from './choices.ts'
import { createConnection } from './connection.ts'
import { shopOnce } from './journey.ts'
import { createRecorder, StepFailed } from './record.ts'
import type { Shopped, Shopping } from './shopping.ts'
import { readTask, tell } from './task.ts'

const shopping = await readTask<Shopping>()
const recorder = createRecorder()
const counted = { placed: 0, paid: 0 }
const beginAt = performance.now() + shopping.warmUpSeconds * 1_000
const endAt = beginAt + shopping.seconds * 1_000
setTimeout(recorder.begin, shopping.warmUpSeconds * 1_000)
setTimeout(recorder.end, (shopping.warmUpSeconds + shopping.seconds) * 1_000)

const shopOn = async (index: number): Promise<void> => {
  const doors = { shop: createConnection(shopping.gatewayUrl), bank: createConnection(shopping.sandboxUrl) }
  const choices = createChoices(shopping, shopping.seed * 1_000 + index)
  const onPlaced = (): void => {
    if (recorder.measuring()) counted.placed += 1
  }
  while (performance.now() < endAt) {
    try {
      await shopOnce(doors, { choices, recorder }, onPlaced)
      counted.paid += 1
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error
      // A shop that refuses at once must not be asked in a busy loop.
      await Bun.sleep(50)
    }
  }
  doors.shop.close()
  doors.bank.close()
}

await Promise.all(Array.from({ length: shopping.shoppers }, (_, index) => shopOn(index)))
const { user, system } = process.cpuUsage()
const { placed, paid } = counted
const shopped: Shopped = {
  placed,
  paid,
  steps: recorder.steps(),
  journey: recorder.journeys(),
  errors: recorder.errors,
  driverCpuSeconds: (user + system) / 1_000_000,
}
tell(shopped)

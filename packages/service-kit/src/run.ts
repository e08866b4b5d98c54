/** Runs a service as a process: until SIGTERM or SIGINT, and then for as long as finishing takes. */
import type { Contract } from '@comptoir/contracts/contract'
import type { KitConfig } from './config.ts'
import type { ServiceContext } from './context.ts'
import type { ServiceDefinition } from './service.ts'
import { startService } from './starting/start-service.ts'
import { flushTelemetry } from './telemetry.ts'

const stopMaxMs = 25_000

/** Runs until a signal says to stop. A second signal, or 25 s, ends the process at once: dying is always safe. */
export const run = async <C extends Contract, Ctx extends ServiceContext>(
  definition: ServiceDefinition<C, Ctx>,
  config: KitConfig,
): Promise<void> => {
  const service = await startService(definition, config)
  await untilSignal()
  const limit = setTimeout(() => process.exit(1), stopMaxMs)
  await service.stop()
  await flushTelemetry()
  clearTimeout(limit)
  process.exit(0)
}

/** Resolves at the first SIGTERM or SIGINT; a second one exits. */
export const untilSignal = (): Promise<void> =>
  new Promise((resolve) => {
    let asked = false
    const ask = () => {
      if (asked) process.exit(1)
      asked = true
      resolve()
    }
    process.on('SIGTERM', ask)
    process.on('SIGINT', ask)
  })

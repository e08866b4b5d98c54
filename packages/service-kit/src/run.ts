/** Runs a service as a process: until SIGTERM or SIGINT, and then for as long as finishing takes. */
import type { Contract } from '@comptoir/contracts/contract'
import type { KitConfig } from './config.ts'
import type { ServiceContext } from './context.ts'
import { createLogger, type Logger } from './logger.ts'
import type { ServiceDefinition } from './service.ts'
import { startService } from './starting/start-service.ts'
import { flushTelemetry } from './telemetry.ts'

const stopMaxMs = 25_000

/** Runs until a signal says to stop. A second signal, or 25 s, ends the process at once: dying is always safe. */
export const run = async <C extends Contract, Ctx extends ServiceContext>(
  definition: ServiceDefinition<C, Ctx>,
  config: KitConfig,
): Promise<void> => {
  await runProcess(createLogger(definition.name, config.LOG_LEVEL), () => startService(definition, config))
}

/**
 * Runs a process that is told to stop by a signal. Ends it with code 1 where it cannot start, and where something fails
 * that nobody handles: what state it is in then nobody knows. Both are logged without values; the runtime would print
 * every member of the error.
 */
export const runProcess = async (
  log: Logger,
  start: () => Promise<{ stop(): Promise<void> }>,
): Promise<void> => {
  const end = (error: unknown): never => {
    log.error('the process ends: nobody handled an error', { error })
    process.exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
  const running = await start().catch(end)
  await untilSignal()
  setTimeout(() => process.exit(1), stopMaxMs)
  await running.stop().catch(end)
  await flushTelemetry()
  process.exit(0)
}

/** Resolves at the first SIGTERM or SIGINT; a second one exits. */
const untilSignal = (): Promise<void> =>
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

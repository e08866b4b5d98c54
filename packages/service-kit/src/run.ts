/** Runs a service as a process: until SIGTERM or SIGINT, and then for as long as finishing takes. */
import type { Contract } from '@comptoir/contracts/contract'
import type { z } from 'zod'
import type { KitConfig } from './config.ts'
import type { ServiceContext } from './context.ts'
import { loadConfig } from './load-config.ts'
import { createLogger, type Logger } from './logger.ts'
import type { ServiceDefinition } from './service.ts'
import { startService } from './starting/start-service.ts'
import { flushTelemetry } from './telemetry.ts'

const stopMaxMs = 25_000

/**
 * Reads the configuration and runs what is defined by it until a signal says to stop. A second signal, or 25 s, ends the
 * process at once: dying is always safe. Nothing is awaited by the caller: a program that waits while its modules are
 * loaded cannot be compiled beforehand.
 */
export const run = <S extends z.ZodObject, C extends Contract, Ctx extends ServiceContext>(
  define: (config: z.output<S>) => ServiceDefinition<C, Ctx>,
  schema: S & z.ZodType<KitConfig>,
  env: Readonly<Record<string, string | undefined>>,
): void => {
  void start()
  async function start(): Promise<void> {
    const config = await loadConfig(schema, env)
    const definition = define(config)
    const log = createLogger(definition.name, config.LOG_LEVEL)
    await runProcess(log, () => startService(definition, config))
  }
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

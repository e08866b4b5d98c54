import { readDevConfig } from './dev-config.ts'
import { linePrinter } from './log-lines.ts'
import { instanceNames, processNames, type Scale } from './process-list.ts'
import { readyScreen } from './ready-screen.ts'
import { publicAddress } from './public-address.ts'
import { loadSampleCatalogue } from './sample-catalogue.ts'
import { readScale } from './scale.ts'
import { type Stack, startStack } from './stack.ts'
import { watchRunners } from './watch-runners.ts'
import { watchSources } from './watch-sources.ts'

/** `bun run dev`: brings the stack up, watches the sources, and runs until a signal. */
export async function up(args: string[]): Promise<void> {
  const scale = scaleOrExit(args)
  const colour = process.stdout.isTTY && !process.env['NO_COLOR']
  const print = linePrinter(
    ['dev', ...processNames.flatMap((program) => instanceNames(program, scale))],
    colour,
    (text) => process.stdout.write(text),
  )
  const say = (message: string) => print('dev', message)
  const running: { stack?: Stack; endWatch?: () => void } = {}
  stopOnSignal(running, say)
  try {
    const config = readDevConfig(process.env)
    const startedAt = performance.now()
    const stack = await startStack({
      dataDir: config.COMPTOIR_DATA,
      port: config.PORT,
      sandboxPort: config.SANDBOX_PORT,
      databaseUrl: config.DATABASE_URL,
      natsUrl: config.NATS_URL,
      durable: true,
      env: publicAddress(config.PORT),
      scale,
      onProgress: say,
      onLine: print,
      onProcesses: (processes) => {
        running.endWatch = watchSources(processes, (names) =>
          say(`sources changed, restarting ${names.join(', ')}`),
        )
      },
      readyWithinMs: Number.POSITIVE_INFINITY,
    })
    running.stack = stack
    await loadSampleCatalogue(stack, config.COMPTOIR_DATA, say)
    process.stdout.write(readyScreen(stack, performance.now() - startedAt))
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`)
    await running.stack?.stop()
    process.exit(1)
  }
}

function scaleOrExit(args: string[]): Scale {
  try {
    return readScale(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(2)
  }
}

// One Ctrl-C arrives more than once: from the terminal, and again from each runner above us that passes it on.
const echoMs = 700

// The first signal stops in order; a second one, or one before all was up, leaves at once: what was started is then
// ended by the exit hooks of those who started it.
function stopOnSignal(
  running: { stack?: Stack; endWatch?: () => void },
  say: (message: string) => void,
): void {
  let stoppingSince: number | undefined
  const stop = async () => {
    if (!running.stack) process.exit(130)
    if (stoppingSince !== undefined && performance.now() - stoppingSince < echoMs) return
    if (stoppingSince !== undefined) process.exit(130)
    stoppingSince = performance.now()
    say('stopping (Ctrl-C again: at once)')
    running.endWatch?.()
    await running.stack.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop())
  watchRunners(() => void stop())
}

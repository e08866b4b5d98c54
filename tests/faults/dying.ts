// Processes that die where they are told, one point after another.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ManagedProcess } from '@comptoir/dev/managed-process'
import { deathsAmong, timely } from './crash-points.ts'

const withinMs = 60_000

interface Dying {
  readonly points: readonly string[]
  /** Where the marks of the deaths go. */
  readonly folder: string
  /** Ends it early. */
  readonly signal: AbortSignal
}

/** Has a process die in each of the states that the points tell apart, in their order, and live on then. Throws at the first where it does not die. */
export const dieAtEach = async (
  process: ManagedProcess,
  { points, folder, signal }: Dying,
): Promise<void> => {
  await process.stop()
  for (const point of deathsAmong(points)) {
    const marker = join(folder, `${process.name} ${point}`)
    Object.assign(process.env, { CRASH_AT: point, CRASH_MARKER: marker })
    process.start()
    const how = await endOf(process, signal)
    if (signal.aborted) break
    if (how !== 'SIGKILL' || !existsSync(marker)) throw new Error(`${process.name} at ${point}: ${how}`)
  }
  delete process.env['CRASH_AT']
  await process.restart()
}

const endOf = async (process: ManagedProcess, signal: AbortSignal): Promise<number | string> => {
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const stop = () => resolve('given up')
  signal.addEventListener('abort', stop)
  const timer = setTimeout(resolve, withinMs, `not passed within ${withinMs} ms`)
  try {
    return await Promise.race([process.nextExit(), late])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** Has a process write down every point it passes from its next start on. */
export const traceTo = (process: ManagedProcess, folder: string): string => {
  const file = join(folder, `${process.name}.trace`)
  process.env['CRASH_TRACE'] = file
  return file
}

/** The points written down, each once and in order; without those that time alone sets going. */
export const pointsIn = (file: string): string[] => {
  const passed = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return [...new Set(passed)].filter((point) => !timely.has(point.slice(point.indexOf(':') + 1))).sort()
}

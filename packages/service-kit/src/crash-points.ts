/**
 * Named places where a process may be told to die, so that tests can prove that dying there does no harm.
 * Without CRASH_AT and CRASH_TRACE in the environment a crash point costs one comparison.
 */
import { appendFileSync, closeSync, fsyncSync, openSync } from 'node:fs'
import { currentScope } from './scope.ts'

type Moment = 'before' | 'after'
type Effect = 'commit' | 'publish' | 'ack' | 'call'
export type CrashPoint = `${Moment}-${Effect}`

interface Plan {
  /** `<point>:<label>` at which to die. */
  readonly at: string | undefined
  /** A file that is made right before dying; where it exists already, the process lives on. */
  readonly marker: string | undefined
  /** A file that gets a line for every point passed. */
  readonly trace: string | undefined
}

const planOf = (env: Record<string, string | undefined>): Plan | undefined => {
  const plan = { at: env['CRASH_AT'], marker: env['CRASH_MARKER'], trace: env['CRASH_TRACE'] }
  return plan.at === undefined && plan.trace === undefined ? undefined : plan
}

const plan = planOf(process.env)

/** Whether anybody asked for crash points. */
export const hasCrashPoints = plan !== undefined

/** Passes a crash point. `label` is the running procedure, consumer or worker unless told. */
export const crashPoint = (point: CrashPoint, label: string = currentScope()?.label ?? 'none'): void => {
  if (plan === undefined) return
  const passed = `${point}:${label}`
  if (plan.trace !== undefined) appendFileSync(plan.trace, `${passed}\n`)
  if (plan.at === passed && mark(plan.marker)) process.kill(process.pid, 'SIGKILL')
}

/** Makes the marker and has it on the disk; false where it was there, so that a restarted process gets past the point. */
const mark = (file: string | undefined): boolean => {
  if (file === undefined) return true
  try {
    const handle = openSync(file, 'wx')
    fsyncSync(handle)
    closeSync(handle)
    return true
  } catch {
    return false
  }
}

// Processes that a run of tests left behind: a test that fails halfway stops nothing of what it had started.
import { readdirSync, readFileSync } from 'node:fs'

/**
 * Kills every process that works below a folder, as its arguments or its environment tell. Answers how many. Linux only:
 * elsewhere nobody tells what a process was started with.
 */
export const killLeftovers = (folder: string): number => {
  if (process.platform !== 'linux') return 0
  const found = readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 1 && pid !== process.pid && mentions(pid, folder))
  return found.filter(kill).length
}

const mentions = (pid: number, folder: string): boolean =>
  ['cmdline', 'environ'].some((name) => read(pid, name).includes(folder))

const read = (pid: number, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

const kill = (pid: number): boolean => {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

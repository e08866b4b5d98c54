// Processes that a run of tests left behind: a test that fails halfway stops nothing of what it had started.
import { readdirSync, readFileSync } from 'node:fs'

/**
 * Kills every process that works below a folder, as its arguments or its environment tell, but for those in `spare` and
 * their children. Answers how many. Linux only: elsewhere nobody tells what a process was started with.
 */
export const killLeftovers = (folder: string, spare: readonly number[]): number => {
  if (process.platform !== 'linux') return 0
  const found = readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 1 && pid !== process.pid)
    .filter((pid) => mentions(pid, folder) && !spare.some((spared) => isOf(pid, spared)))
  return found.filter(kill).length
}

const mentions = (pid: number, folder: string): boolean =>
  ['cmdline', 'environ'].some((name) => read(pid, name).includes(folder))

const isOf = (pid: number, ancestor: number): boolean => {
  for (let at = pid; at > 1; at = parentOf(at)) if (at === ancestor) return true
  return false
}

/** The fourth field of proc_pid_stat(5); the second, the name, may hold anything and ends with the last bracket. */
const parentOf = (pid: number): number => {
  const stat = read(pid, 'stat')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}

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

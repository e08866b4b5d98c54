import { readdirSync, readFileSync } from 'node:fs'
import type { Stack } from '@comptoir/dev/stack'

/** Names of what runs, each with its process ids: PostgreSQL has one for each connection. */
const processesOf = ({ processes, servers }: Stack): Map<string, number[]> => {
  const found = new Map<string, number[]>()
  for (const one of processes.all()) {
    const pid = one.pid()
    if (pid !== undefined) found.set(one.name, [pid])
  }
  if (servers.postgres !== null) found.set('postgres', withChildren(servers.postgres.pid()))
  if (servers.nats !== null) found.set('nats', [servers.nats.pid()])
  // The bench starts the stack as `bun dev` does, in its own process.
  return found.set('supervisor', [process.pid])
}

const withChildren = (parent: number): number[] => {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return [parent, ...pids.map(Number).filter((pid) => parentOf(pid) === parent)]
}

// Fields after the command's closing bracket: state, parent, … (man 5 proc).
const fieldsOf = (pid: number): string[] => {
  const stat = readOr(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

const parentOf = (pid: number): number => Number(fieldsOf(pid)[1])

/** Proportional set size in bytes by name: pages that processes share count once in the sum. */
export const memoryOf = (stack: Stack): Map<string, number> =>
  new Map([...processesOf(stack)].map(([name, pids]) => [name, sum(pids.map(pssOf))]))

/** The same of a process and its children. */
export const memoryOfProcess = (pid: number): number => sum(withChildren(pid).map(pssOf))

const pssOf = (pid: number): number => {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(readOr(`/proc/${pid}/smaps_rollup`))?.[1]
  return Number(kilobytes ?? 0) * 1_024
}

/** Seconds of processor time of a process and its children, since each began. */
export const cpuOfProcess = (pid: number): number => sum(withChildren(pid).map(cpuSecondsOf))

const ticksPerSecond = 100

/** Seconds of processor time by name, since each process began. Connections of PostgreSQL that ended are forgotten. */
export const cpuOf = (stack: Stack): Map<string, number> =>
  new Map([...processesOf(stack)].map(([name, pids]) => [name, sum(pids.map(cpuSecondsOf))]))

const cpuSecondsOf = (pid: number): number => {
  const fields = fieldsOf(pid)
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

// A process may end between being found and being read.
const readOr = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

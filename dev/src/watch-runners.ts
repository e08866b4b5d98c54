import { readFileSync } from 'node:fs'
import { startedBy } from './install.ts'
import { birthOf, commandLineOf } from './servers/child-process.ts'

const everyMs = 1_000

/**
 * Calls back when one of the runners above us ends (npx, its shell, `bun run`): they do not all pass a signal on, and
 * whoever killed npx means the shop. A shell that started us directly is no runner, so `nohup` keeps its meaning.
 */
export function watchRunners(onEnd: () => void): () => void {
  const runners = findRunners().map((pid) => ({ pid, bornAt: birthOf(pid) }))
  if (runners.length === 0) return () => {}
  const timer = setInterval(() => {
    if (runners.every(({ pid, bornAt }) => birthOf(pid) === bornAt)) return
    clearInterval(timer)
    onEnd()
  }, everyMs)
  return () => clearInterval(timer)
}

// A runner's command line ends in the script it was told to run and in our arguments.
function findRunners(): number[] {
  const script = process.env['npm_lifecycle_event']
  if (!script || process.platform !== 'linux') return []
  const told = ` ${[script, ...process.argv.slice(2)].join(' ')}`
  const runners: number[] = []
  let pid = Number(process.env[startedBy] ?? process.ppid)
  while (pid > 1 && unquoted(commandLineOf(pid)).endsWith(told)) {
    runners.push(pid)
    pid = parentOf(pid)
  }
  return runners
}

// A shell between them has the command as one word, in which arguments may be quoted.
const unquoted = (command: string): string => command.replaceAll(/["']/g, '')

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}

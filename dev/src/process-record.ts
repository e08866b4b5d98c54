import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { birthOf, stopProcess } from './servers/child-process.ts'

const Life = z.object({ pid: z.number().int(), bornAt: z.string() })
const Record = z.object({
  supervisor: Life,
  children: z.record(z.string(), Life),
  natsUrl: z.string().optional(),
})

export type ProcessRecord = {
  /** Notes a child, so that the next start can clean up if we are killed. */
  note(name: string, pid: number): void
  /** Notes where NATS is, for commands that find the running stack by its folder. */
  noteNats(url: string): void
  /** The end of a clean stop. */
  remove(): void
}

/**
 * Takes the data folder: kills what a killed supervisor left running, and rejects while another supervisor lives. A
 * process is known by its pid and its time of birth, so a recycled pid is never touched.
 */
export async function takeDataFolder(dataDir: string): Promise<ProcessRecord> {
  const file = fileIn(dataDir)
  const left = readRecord(file)
  if (left && left.supervisor.pid !== process.pid && isAlive(left.supervisor))
    throw inUse(dataDir, left.supervisor.pid)
  for (const life of Object.values(left?.children ?? {})) {
    // SIGKILL at once: the shop's processes are safe to kill, and nobody waits for their answers any more.
    if (isAlive(life)) await stopProcess(life.pid, [['SIGKILL', 5_000]])
  }
  const children: { [name: string]: z.output<typeof Life> } = {}
  const supervisor = { pid: process.pid, bornAt: birthOf(process.pid) }
  let natsUrl: string | undefined
  const write = () => {
    writeFileSync(`${file}.new`, JSON.stringify({ supervisor, children, natsUrl }), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  write()
  return {
    note: (name, pid) => {
      children[name] = { pid, bornAt: birthOf(pid) }
      write()
    },
    noteNats: (url) => {
      natsUrl = url
      write()
    },
    remove: () => rmSync(file, { force: true }),
  }
}

/** Where NATS of the stack is that runs on this folder; undefined when none does. */
export function runningNats(dataDir: string): string | undefined {
  const record = readRecord(fileIn(dataDir))
  return record && isAlive(record.supervisor) ? record.natsUrl : undefined
}

const fileIn = (dataDir: string): string => join(dataDir, 'processes.json')

function readRecord(file: string): z.output<typeof Record> | undefined {
  return existsSync(file) ? Record.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data : undefined
}

function isAlive(life: z.output<typeof Life>): boolean {
  return life.bornAt !== '' && birthOf(life.pid) === life.bornAt
}

function inUse(dataDir: string, pid: number): Error {
  return new Error(
    `A stack already runs on ${dataDir} (process ${pid}). Stop it, or start a second one beside it:\n` +
      `  COMPTOIR_DATA=.comptoir-2 PORT=8081 SANDBOX_PORT=8091 npx -y bun@${Bun.version} run dev`,
  )
}

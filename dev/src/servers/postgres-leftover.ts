import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isOurs, stopProcess } from './child-process.ts'

/** What postmaster.pid says, line by line as PostgreSQL documents it; null when there is no such file. */
export function readPostmaster(cluster: string): { pid: number; port: number; ready: boolean } | null {
  const file = join(cluster, 'postmaster.pid')
  if (!existsSync(file)) return null
  const lines = readFileSync(file, 'utf8').split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
}

/**
 * Stops the server a killed supervisor left on this cluster, and removes a lock file whose pid is not PostgreSQL's
 * any more: PostgreSQL itself would refuse to start when the pid was recycled.
 */
export async function stopLeftover(cluster: string): Promise<void> {
  const found = readPostmaster(cluster)
  if (!found) return
  if (isOurs(found.pid, 'postgres', cluster)) await stopPostmaster(found.pid)
  rmSync(join(cluster, 'postmaster.pid'), { force: true })
}

/** Fast shutdown first (open sessions are cut, everything is written), then immediate, then SIGKILL. */
export async function stopPostmaster(pid: number): Promise<void> {
  await stopProcess(pid, [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ])
}

// What the gateway keeps once it has collected its garbage: by then only a leak can make it more.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ManagedProcess } from '@comptoir/dev/managed-process'
import { until } from '../stack/until.ts'

interface Kept {
  /** Bytes that JavaScript holds on to, those of buffers among them. */
  readonly heap: number
  /** Bytes that the process has of the machine. */
  readonly rss: number
}

export interface MemoryWatch {
  /** What the gateway is to be started with. */
  readonly env: Record<string, string>
  /** Has the gateway collect its garbage, and notes what it keeps. */
  look(gateway: ManagedProcess): Promise<void>
  /** What was noted, look after look. */
  readonly looks: readonly Kept[]
  stop(): void
}

export const createMemoryWatch = (): MemoryWatch => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-memory-'))
  const file = join(folder, 'memory.json')
  const looks: Kept[] = []
  return {
    // By its way from the gateway's folder: the option cannot hold a path with a space.
    env: { BUN_OPTIONS: '--preload ../tests/wire/tell-memory.ts', MEMORY_FILE: file },
    look: async (gateway) => {
      rmSync(file, { force: true })
      process.kill(gateway.pid() ?? 0, 'SIGUSR2')
      const kept = await until(
        'the gateway tells what it keeps',
        () => Bun.file(file).json() as Promise<Kept>,
      )
      looks.push(kept)
    },
    looks,
    stop: () => rmSync(folder, { recursive: true, force: true }),
  }
}

import { chmodSync, mkdtempSync, readFileSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
/** Several times what the databases and streams of a run take. */
const needed = { folderBytes: 4e9, memoryBytes: 8e9 }

/**
 * A folder for all that a run of tests writes. In memory where there is enough of it: nothing of a run has to outlive the
 * machine, and on a disk half of a shop's start is the writing of its databases' files.
 */
export const makeRunFolder = (): string => {
  const folder = mkdtempSync(join(hasRoomInMemory() ? memory : tmpdir(), 'comptoir test '))
  // Where we are root another account runs PostgreSQL, and has to get there.
  chmodSync(folder, 0o711)
  return folder
}

const hasRoomInMemory = (): boolean => {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return isFit({
      mounts: readFileSync('/proc/mounts', 'utf8'),
      folderBytes: bavail * bsize,
      memory: readFileSync('/proc/meminfo', 'utf8'),
    })
  } catch {
    // Not Linux.
    return false
  }
}

/** Whether tests can keep their files in memory, and run programs there, by what Linux says of itself. */
export const isFit = (said: { mounts: string; folderBytes: number; memory: string }): boolean => {
  const [, options] = new RegExp(`^tmpfs ${memory} tmpfs (\\S+)`, 'm').exec(said.mounts) ?? []
  const [, kilobytes] = /^MemAvailable:\s+(\d+) kB/m.exec(said.memory) ?? []
  if (options === undefined || options.split(',').includes('noexec')) return false
  return said.folderBytes >= needed.folderBytes && Number(kilobytes ?? 0) * 1024 >= needed.memoryBytes
}

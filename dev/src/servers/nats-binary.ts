import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchNatsArchive } from './nats-archive.ts'
import { fetchNatsFromDebian } from './nats-debian.ts'
import { compareVersions, isNatsRecent, natsVersionOf, oldestNats } from './nats-version.ts'

export type NatsProgram = { path: string; version: string }
type Progress = (message: string) => void

/**
 * Finds nats-server 2.10 or newer: on PATH, among those fetched before, from the release archive, from Debian.
 * Rejects with what was tried and what to type when none of them works.
 */
export async function natsProgram(dataDir: string, onProgress: Progress): Promise<NatsProgram> {
  const folders = cacheFolders(dataDir)
  const found = onPath() ?? folders.map(newestIn).find((program) => program !== null)
  if (found) return found
  const failures: string[] = []
  for (const [name, fetchFrom] of sources) {
    const scratch = mkdtempSync(join(tmpdir(), 'comptoir-nats-'))
    try {
      return keep(await fetchFrom(scratch, onProgress), folders)
    } catch (error) {
      failures.push(`  ${name}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  }
  throw new Error(nothingWorked(failures))
}

const sources = [
  ['release archive', fetchNatsArchive],
  ['Debian package', fetchNatsFromDebian],
] as const

function onPath(): NatsProgram | null {
  const path = Bun.which('nats-server')
  const version = path === null ? null : natsVersionOf(path)
  return path !== null && version !== null && isNatsRecent(version) ? { path, version } : null
}

// The shared folder first, so that several clones fetch once; the data folder where there is no home to write to.
function cacheFolders(dataDir: string): string[] {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return [join(cache, 'comptoir'), join(dataDir, 'bin')]
}

function newestIn(folder: string): NatsProgram | null {
  if (!existsSync(folder)) return null
  const versions = readdirSync(folder)
    .flatMap((name) => /^nats-server-(\d+\.\d+\.\d+)$/.exec(name)?.[1] ?? [])
    .filter(isNatsRecent)
    .toSorted((a, b) => compareVersions(b, a))
  for (const version of versions) {
    const path = join(folder, `nats-server-${version}`)
    if (natsVersionOf(path) === version) return { path, version }
  }
  return null
}

function keep(program: string, folders: string[]): NatsProgram {
  chmodSync(program, 0o755)
  const version = natsVersionOf(program)
  if (version === null || !isNatsRecent(version))
    throw new Error(`fetched nats-server does not run here or is too old`)
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true })
      const path = join(folder, `nats-server-${version}`)
      const partial = `${path}.${process.pid}`
      copyFileSync(program, partial)
      renameSync(partial, path)
      return { path, version }
    } catch {
      // A home that cannot be written: the next folder is the data folder.
    }
  }
  throw new Error(`none of these folders can be written: ${folders.join(', ')}`)
}

function nothingWorked(failures: string[]): string {
  const ways =
    process.platform === 'darwin'
      ? ['brew install nats-server']
      : ['apt-get install nats-server      (Debian 13, Ubuntu 24.04 or newer)']
  return [
    `nats-server ${oldestNats} or newer is missing and could not be fetched:`,
    ...failures,
    'Any of these helps, then start again:',
    ...ways.map((way) => `  ${way}`),
    '  put a nats-server program from https://github.com/nats-io/nats-server/releases on PATH',
    '  NATS_URL=nats://host:4222 to use a server of your own (with JetStream on)',
  ].join('\n')
}

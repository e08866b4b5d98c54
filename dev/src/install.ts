import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const repository = join(import.meta.dir, '..', '..')

/** Set in the process that takes over after an install: who started the first one. */
export const startedBy = 'COMPTOIR_STARTED_BY'

/**
 * Installs what bun.lock names; some milliseconds and no network when everything is there. Afterwards the rest can be
 * imported dynamically. This file imports built-ins only, so that it runs in a fresh clone.
 */
export async function installDependencies(): Promise<void> {
  const first = !existsSync(join(repository, 'node_modules'))
  if (first) console.log('installing the packages…')
  // process.execPath, since there may be no bun on PATH: npx runs one from its own folder.
  const done = Bun.spawnSync([process.execPath, 'install', '--frozen-lockfile'], {
    cwd: repository,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  if (!done.success) {
    console.error(done.stderr.toString())
    console.error(
      'The packages could not be installed. Is the package registry reachable, and bun.lock up to date?',
    )
    process.exit(1)
  }
  const changed = !done.stdout.toString().includes('(no changes)')
  if (changed && !process.env[startedBy]) await startOver()
}

// A running Bun has already noted which folders have no packages, so a new process takes over after an install.
async function startOver(): Promise<never> {
  const child = Bun.spawn([process.execPath, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit'],
    env: { ...process.env, [startedBy]: String(process.ppid) },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  process.exit(await child.exited)
}

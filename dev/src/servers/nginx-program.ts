import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchDebianProgram } from './debian-program.ts'

/**
 * Finds nginx: on PATH, as fetched before, or from the machine's own suite of Debian, whose libraries are here. Null
 * where there is none that runs.
 */
export async function nginxProgram(onProgress: (message: string) => void): Promise<string | null> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'comptoir')
  const kept = join(cache, 'nginx')
  const found = Bun.which('nginx') ?? (existsSync(kept) ? kept : null)
  if (found !== null && runs(found)) return found
  const scratch = mkdtempSync(join(tmpdir(), 'comptoir-nginx-'))
  try {
    const suite = /^VERSION_CODENAME=(\S+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable'
    const fetched = await fetchDebianProgram(scratch, { name: 'nginx', suites: [suite] }, onProgress)
    mkdirSync(cache, { recursive: true })
    copyFileSync(fetched, kept)
    chmodSync(kept, 0o755)
    return runs(kept) ? kept : null
  } catch (error) {
    onProgress(`there is no nginx: ${error instanceof Error ? error.message : String(error)}`)
    return null
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const runs = (program: string): boolean => Bun.spawnSync([program, '-v'], { stderr: 'ignore' }).exitCode === 0

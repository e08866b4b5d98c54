import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchDebianTree } from './debian-program.ts'

const names = [
  'chromium',
  'google-chrome',
  'google-chrome-stable',
  'chromium-browser',
  'chrome-headless-shell',
]
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * Finds Chromium: on PATH, where macOS has it, as fetched before, or from Debian with the libraries that are
 * missing here. Rejects with what was tried and what to do where none of them runs.
 */
export async function chromiumProgram(onProgress: (message: string) => void): Promise<string> {
  const kept = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'comptoir', 'chromium')
  const known = [...names.map((name) => Bun.which(name)), ...places, starterIn(kept)]
  const found = known.find((program) => program !== null && existsSync(program) && runs(program))
  if (found) return found
  const scratch = mkdtempSync(join(tmpdir(), 'comptoir-chromium-'))
  try {
    return keep(await fetchDebianTree(scratch, 'chromium-headless-shell', onProgress), kept)
  } catch (error) {
    throw new Error(
      `Chromium is missing and could not be fetched: ${error instanceof Error ? error.message : String(error)}\n` +
        'Install it, so that `chromium` or `google-chrome` is on PATH, then start again.',
      { cause: error },
    )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const starterIn = (tree: string): string => join(tree, 'start-chromium')

/** Moves what was fetched to where it is looked for, with a program that has it find its own libraries first. */
const keep = (tree: string, kept: string): string => {
  const program = ['usr/lib/chromium/chromium-headless-shell', 'usr/bin/chromium-headless-shell'].find(
    (path) => existsSync(join(tree, path)),
  )
  if (program === undefined) throw new Error('the package has no chromium-headless-shell')
  rmSync(kept, { recursive: true, force: true })
  mkdirSync(join(kept, '..'), { recursive: true })
  move(tree, kept)
  const starter = starterIn(kept)
  writeFileSync(starter, starting(kept, program))
  chmodSync(starter, 0o755)
  if (!runs(starter)) throw new Error('what Debian has does not run here')
  return starter
}

/** The cache may be on another disk. */
const move = (from: string, to: string): void => {
  try {
    renameSync(from, to)
  } catch {
    const { exitCode, stderr } = Bun.spawnSync(['cp', '-a', from, to], { stderr: 'pipe' })
    if (exitCode !== 0) throw new Error(`cp failed: ${String(stderr)}`)
  }
}

const starting = (tree: string, program: string): string => `#!/bin/sh
libraries=$(find '${tree}/usr/lib' '${tree}/lib' -name '*.so*' -exec dirname {} + 2>/dev/null | sort -u | tr '\n' ':')
LD_LIBRARY_PATH="$libraries$LD_LIBRARY_PATH" exec '${join(tree, program)}' "$@"
`

const runs = (program: string): boolean =>
  Bun.spawnSync([program, '--version'], { stdout: 'ignore', stderr: 'ignore' }).exitCode === 0

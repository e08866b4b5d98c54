import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suiteSources } from './apt-sources.ts'

export type DebianProgram = {
  /** Of the package and of the program in it. */
  name: string
  /** Suites to look in, one after another: their codenames. */
  suites: readonly string[]
}

/**
 * Fetches a program with apt-get from the machine's own Debian mirror, without touching the system: lists, cache and
 * sources are in the folder. Needs no root, and fetches nothing that the program depends on. Resolves to the program.
 */
export async function fetchDebianProgram(
  folder: string,
  { name, suites }: DebianProgram,
  onProgress: (message: string) => void,
): Promise<string> {
  if (!Bun.which('apt-get') || !Bun.which('dpkg-deb'))
    throw new Error('this machine has no apt-get and dpkg-deb')
  const failures: string[] = []
  for (const suite of suites) {
    try {
      return await fetchFromSuite(join(folder, suite), { name, suite }, onProgress)
    } catch (error) {
      failures.push(`${suite}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error(failures.join('; '))
}

async function fetchFromSuite(
  folder: string,
  { name, suite }: { name: string; suite: string },
  onProgress: (message: string) => void,
): Promise<string> {
  const release = readFileSync('/etc/os-release', 'utf8')
  const sources = suiteSources(readSourceFiles('/etc/apt'), ownSuites(release), suite)
  if (!sources) throw new Error("no Debian mirror among the machine's own package sources")
  const sourceFile = join(folder, `comptoir.${sources.format}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(sourceFile, sources.text)
  onProgress(`reading Debian ${suite}'s package list`)
  const config = await readLists(folder, sourceFile)
  onProgress(`fetching ${name} from Debian ${suite}`)
  await run(['apt-get', '-c', config, '-q', 'download', name], folder)
  const unpacked = await unpack(folder, folder)
  const program = ['usr/bin', 'usr/sbin']
    .map((bin) => join(unpacked, bin, name))
    .find((path) => existsSync(path))
  if (!program) throw new Error(`the package has no program ${name}`)
  return program
}

/**
 * Fetches a package with all that it depends on and that this machine does not have, from the machine's own sources as
 * they are, and without touching the system either. Resolves to a folder where they are as they would be below `/`.
 */
export async function fetchDebianTree(
  folder: string,
  name: string,
  onProgress: (message: string) => void,
): Promise<string> {
  if (!Bun.which('apt-get') || !Bun.which('dpkg-deb'))
    throw new Error('this machine has no apt-get and dpkg-deb')
  onProgress(`fetching ${name} and what it needs from the machine's package sources`)
  const config = await readLists(folder)
  // Nothing is installed: the system's lock, which is root's, need not be taken.
  const options = ['-q', '-y', '--no-install-recommends', '--download-only', '-o', 'Debug::NoLocking=true']
  await run(['apt-get', '-c', config, ...options, 'install', name], folder)
  return await unpack(folder, join(folder, 'cache', 'archives'))
}

/** Reads the lists of the packages of a file of sources, or of the machine's own, and answers the configuration for more. */
async function readLists(folder: string, sourceFile?: string): Promise<string> {
  for (const part of ['lists/partial', 'cache/archives/partial', 'state', 'unpacked']) {
    mkdirSync(join(folder, part), { recursive: true })
  }
  const config = join(folder, 'apt.conf')
  writeFileSync(config, aptConfig(folder, sourceFile))
  await run(['apt-get', '-c', config, '-q', 'update'], folder)
  return config
}

async function unpack(folder: string, archives: string): Promise<string> {
  const found = readdirSync(archives).filter((file) => file.endsWith('.deb'))
  if (found.length === 0) throw new Error('apt-get fetched no package')
  const unpacked = join(folder, 'unpacked')
  for (const file of found) await run(['dpkg-deb', '-x', join(archives, file), unpacked], folder)
  return unpacked
}

function readSourceFiles(etc: string): { name: string; text: string }[] {
  const parts = join(etc, 'sources.list.d')
  const names = [
    join(etc, 'sources.list'),
    ...(existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : []),
  ]
  return names
    .filter((name) => existsSync(name) && /\.(list|sources)$/.test(name))
    .map((name) => ({ name, text: readFileSync(name, 'utf8') }))
}

function ownSuites(osRelease: string): string[] {
  const codename = /^VERSION_CODENAME=(\S+)/m.exec(osRelease)?.[1]
  return [...(codename ? [codename] : []), 'stable', 'oldstable', 'testing', 'unstable', 'sid']
}

// A file given with -c is read last, so it also clears the hooks that container images add to apt's configuration:
// they touch the system's cache and fail for an ordinary user.
function aptConfig(folder: string, sourceFile: string | undefined): string {
  const sources = [
    `Dir::Etc::sourcelist "${sourceFile}";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
  ]
  return [
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    ...(sourceFile === undefined ? [] : sources),
    `Dir::State "${join(folder, 'state')}";`,
    `Dir::State::lists "${join(folder, 'lists')}/";`,
    'Dir::State::status "/var/lib/dpkg/status";',
    `Dir::Cache "${join(folder, 'cache')}/";`,
    'Acquire::Languages "none";',
    'Acquire::Retries "1";',
    'Acquire::http::Timeout "15";',
    'Acquire::https::Timeout "15";',
    `APT::Sandbox::User "${process.getuid?.() === 0 ? 'root' : ''}";`,
    '',
  ].join('\n')
}

async function run(command: string[], cwd: string): Promise<void> {
  const child = Bun.spawn(command, {
    cwd,
    env: { ...process.env, LC_ALL: 'C' },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    timeout: 180_000,
  })
  const complaint = await new Response(child.stderr).text()
  if ((await child.exited) === 0) return
  const errors = complaint.split('\n').filter((line) => line.startsWith('E:'))
  throw new Error(`${command[0]} failed: ${(errors.join(' ') || complaint).trim().slice(0, 400)}`)
}

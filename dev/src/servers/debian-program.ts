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
  for (const part of ['lists/partial', 'cache/archives/partial', 'state', 'unpacked']) {
    mkdirSync(join(folder, part), { recursive: true })
  }
  const sourceFile = join(folder, `comptoir.${sources.format}`)
  writeFileSync(sourceFile, sources.text)
  const config = join(folder, 'apt.conf')
  writeFileSync(config, aptConfig(folder, sourceFile))

  onProgress(`reading Debian ${suite}'s package list`)
  await run(['apt-get', '-c', config, '-q', 'update'], folder)
  onProgress(`fetching ${name} from Debian ${suite}`)
  await run(['apt-get', '-c', config, '-q', 'download', name], folder)
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'))
  if (!archive) throw new Error('apt-get fetched no package')
  const unpacked = join(folder, 'unpacked')
  await run(['dpkg-deb', '-x', join(folder, archive), unpacked], folder)
  const program = ['usr/bin', 'usr/sbin']
    .map((bin) => join(unpacked, bin, name))
    .find((path) => existsSync(path))
  if (!program) throw new Error(`the package has no program ${name}`)
  return program
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
function aptConfig(folder: string, sourceFile: string): string {
  return [
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    `Dir::Etc::sourcelist "${sourceFile}";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
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

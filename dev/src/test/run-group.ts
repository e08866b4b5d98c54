// One run of `bun test` over some folders, its output passed on and its counts read.
import { Glob } from 'bun'
import { repository as root } from '../install.ts'

export interface Counts {
  passed: number
  failed: number
  /** What failed, one line each. */
  failures?: string[]
}

export interface Group {
  readonly paths: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Takes what the run prints, piece by piece; it is printed at once unless told. */
  readonly print?: (text: string) => void
}

/** Runs the tests below the paths. A run that dies, or finds no test, counts as one failure. */
export const runGroup = async ({ paths, environment, print = printNow }: Group): Promise<Counts> => {
  const files = paths.flatMap(testFiles)
  if (files.length === 0) {
    return { passed: 0, failed: 1, failures: [`no test file below ${paths.join(', ')}`] }
  }
  const run = Bun.spawn(
    [process.execPath, 'test', '--timeout', '60000', ...files.map((file) => `./${file}`)],
    {
      cwd: root,
      env: { ...process.env, ...environment, NODE_ENV: 'test' },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    },
  )
  const [output] = await Promise.all([passOn(run.stderr, print), passOn(run.stdout, print)])
  const code = await run.exited
  const passed = count(output, 'pass')
  const failed = count(output, 'fail')
  const failures = failuresIn(output)
  if (code === 0 || failed > 0) return { passed, failed, failures }
  return { passed, failed: 1, failures: [...failures, `bun test of ${paths.join(', ')} ended with ${code}`] }
}

const printNow = (text: string): void => void process.stderr.write(text)

const testFiles = (path: string): string[] => {
  if (/\.test\.tsx?$/.test(path)) return [path]
  const found = [...new Glob(`${path}/**/*.test.ts`).scanSync({ cwd: root })]
  return found.filter((file) => !file.includes('node_modules')).sort()
}

const passOn = async (stream: ReadableStream<Uint8Array>, print: (text: string) => void): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stream) {
    const part = decoder.decode(chunk, { stream: true })
    print(part)
    text += part
  }
  return text
}

/** The lines `(fail) name` of a run, each with the file that it stands under. */
const failuresIn = (output: string): string[] => {
  const failures = new Set<string>()
  let file = ''
  for (const line of Bun.stripANSI(output).split('\n')) {
    file = /^(\S+\.test\.tsx?):$/.exec(line)?.[1] ?? file
    // A long run names its failures a second time at the end, under no file's name of their own.
    if (/^\s*\d+ tests? failed:$/.test(line)) break
    if (line.startsWith('(fail) ')) failures.add(`${file}: ${line.slice('(fail) '.length)}`)
  }
  return [...failures]
}

/** `bun test` ends with lines such as ` 12 pass`. */
const count = (output: string, word: 'pass' | 'fail'): number => {
  const plain = Bun.stripANSI(output)
  const matches = [...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}$`, 'gm'))]
  return Number(matches.at(-1)?.[1] ?? 0)
}

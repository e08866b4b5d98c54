import { parseArgs } from 'node:util'

const sections = ['memory', 'reads', 'hop', 'shoppers', 'statements', 'saturation', 'sick', 'access'] as const
type Section = (typeof sections)[number]

export interface BenchOptions {
  readonly only: readonly Section[]
  /** How many shop at once, run after run. */
  readonly shoppers: readonly number[]
  readonly seconds: number
  readonly readSeconds: number
  readonly hopSeconds: number
  /** Of each load on the edge. */
  readonly edgeSeconds: number
  /** Log lines are written by default, as in production. */
  readonly logLevel: string
  /** Which tables are written into the README. */
  readonly write: 'all' | 'hop' | 'none'
  /** A folder for the processes' sampling profiles. */
  readonly profile: string | undefined
}

export const usage = `bun run bench [--only ${sections.join(',')}] [--shoppers 1,16,64] [--seconds 20]
              [--read-seconds 8] [--hop-seconds 3] [--edge-seconds 8] [--log-level info] [--profile folder] [--no-write]

Only a whole run with nothing left out writes bench/README.md, and --only hop its own section of it.`

/** Reads the command line. Throws a RangeError that says what is wrong. */
export const readOptions = (args: readonly string[]): BenchOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      shoppers: { type: 'string' },
      seconds: { type: 'string' },
      'read-seconds': { type: 'string' },
      'hop-seconds': { type: 'string' },
      'edge-seconds': { type: 'string' },
      'log-level': { type: 'string' },
      profile: { type: 'string' },
      'no-write': { type: 'boolean' },
    },
  })
  const timings = [values.seconds, values['read-seconds'], values['hop-seconds'], values['edge-seconds']]
  const isWhole = [values.shoppers, ...timings, values.profile].every((value) => value === undefined)
  const writable = values.only === undefined ? 'all' : values.only === 'hop' ? 'hop' : 'none'
  return {
    only: (values.only?.split(',') ?? sections).map(sectionOf),
    shoppers: (values.shoppers?.split(',') ?? ['1', '16', '64']).map((text) =>
      countOf(text, '--shoppers', 500),
    ),
    seconds: countOf(values.seconds ?? '20', '--seconds', 60),
    readSeconds: countOf(values['read-seconds'] ?? '8', '--read-seconds', 60),
    hopSeconds: countOf(values['hop-seconds'] ?? '3', '--hop-seconds', 60),
    edgeSeconds: countOf(values['edge-seconds'] ?? '8', '--edge-seconds', 60),
    logLevel: values['log-level'] ?? 'info',
    write: isWhole && values['no-write'] !== true ? writable : 'none',
    profile: values.profile,
  }
}

const sectionOf = (name: string): Section => {
  const found = sections.find((section) => section === name)
  if (found === undefined) throw new RangeError(`--only knows ${sections.join(', ')}, not ${name}`)
  return found
}

const countOf = (text: string, option: string, max: number): number => {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= max) return count
  throw new RangeError(`${option} takes whole numbers from 1 to ${max}, not ${text}`)
}

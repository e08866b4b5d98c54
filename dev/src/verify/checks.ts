// What `bun run verify` checks, in the order in which a fault is cheapest to find.
import { join } from 'node:path'
import { repository as root } from '../install.ts'

export interface Check {
  readonly name: string
  readonly command: readonly string[]
}

const tool = (name: string) => join(root, 'node_modules', '.bin', name)

/** The checks that are no tests. */
export const checks: readonly Check[] = [
  { name: 'format', command: [tool('oxfmt'), '--check', '.'] },
  { name: 'types', command: [tool('tsc'), '--noEmit', '-p', '.'] },
  { name: 'lint', command: [tool('oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'unused code', command: [tool('knip'), '--no-progress'] },
  { name: 'documents', command: [process.execPath, 'dev/src/verify/documents.ts'] },
]

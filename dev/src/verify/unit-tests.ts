// Which tests need no server: those beside their source, and the architecture's.
import { Glob } from 'bun'
import { repository as root } from '../install.ts'

const places = [
  'packages/*/src/**',
  'services/*/src/**',
  'gateway/src/**',
  'sandbox/src/**',
  'dev/src/verify',
]

/** Paths of all unit tests. */
export const unitTests = (): string[] => [
  'tests/architecture.test.ts',
  ...places
    .flatMap((place) => [...new Glob(`${place}/*.test.ts`).scanSync({ cwd: root })])
    .filter((file) => !file.includes('node_modules'))
    .sort(),
]

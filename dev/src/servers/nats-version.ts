import { spawnSync } from 'node:child_process'

/** The oldest server we run on: filter_subjects and metadata of consumers are refused or ignored before it. */
export const oldestNats = '2.10.0'

/** The version of a nats-server program, such as 2.15.1; null when it does not run. */
export function natsVersionOf(program: string): string | null {
  const answer = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 })
  return /v?(\d+\.\d+\.\d+)/.exec(answer.stdout ?? '')?.[1] ?? null
}

/** True when the version is at least the oldest we run on. */
export function isNatsRecent(version: string): boolean {
  return compareVersions(version, oldestNats) >= 0
}

/** Negative, zero or positive, as a sort wants it. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (const index of [0, 1, 2]) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

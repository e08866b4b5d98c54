// Tells people what happens, step by step, and counts what did not hold.

export interface Narrator {
  say(line: string): void
  chapter(title: string): void
  /** States what should be so, and whether it is. */
  check(claim: string, holds: boolean): void
  failed(error: unknown): void
  failures(): number
}

export const createNarrator = (): Narrator => {
  let failures = 0
  const say = (line: string) => console.log(line)
  const check = (claim: string, holds: boolean) => {
    if (!holds) failures += 1
    say(`  ${holds ? '✓' : '✗'} ${claim}`)
  }
  return {
    say,
    chapter: (title) => say(`\n${title}`),
    check,
    failed: (error) => check(error instanceof Error ? error.message : String(error), false),
    failures: () => failures,
  }
}

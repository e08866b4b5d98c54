/** What the shop is to reach, and what it reached. */
export interface Target {
  readonly what: string
  readonly wanted: string
  readonly got: string
  readonly holds: boolean
}

export type Cell = string | number

/** A table in Markdown; numbers go to the right. */
export const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const isNumber = head.map((_, column) => rows.every((row) => /^[\d<≥(–.]/.test(String(row[column] ?? ''))))
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`
  const rule = `|${isNumber.map((right) => (right ? '---:' : '---')).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** Milliseconds with as many digits as say something. */
export const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0))

export const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(0)

export const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0)

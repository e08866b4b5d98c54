// What the bench and its drivers say to each other: one JSON document each way.

/** The task on standard input. */
export const readTask = async <T>(): Promise<T> => (await Bun.stdin.json()) as T

/** Answers the task and ends the process. */
export const tell = (result: object): never => {
  process.stdout.write(`${JSON.stringify(result)}\n`)
  process.exit(0)
}

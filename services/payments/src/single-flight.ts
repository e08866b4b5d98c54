/** Runs work under a key; whoever asks for the same key meanwhile gets the same result. */
export type SingleFlight = <T>(key: string, work: () => Promise<T>) => Promise<T>

export const createSingleFlight = (): SingleFlight => {
  const running = new Map<string, Promise<unknown>>()
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const found = running.get(key)
    // A key names one kind of work, so its result has the same type.
    if (found !== undefined) return found as Promise<T>
    const started = work().finally(() => running.delete(key))
    running.set(key, started)
    return started
  }
}

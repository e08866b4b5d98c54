/** Which keys and clients were used since it was last written down: nobody who shows one waits for a write. */
export interface Uses {
  note(id: string, at: Date): void
  /** What was noted, each with its latest use, and forgets it. */
  take(): ReadonlyMap<string, Date>
}

export const createUses = (): Uses => {
  let noted = new Map<string, Date>()
  return {
    note: (id, at) => void noted.set(id, at),
    take: () => {
      const taken = noted
      noted = new Map()
      return taken
    },
  }
}

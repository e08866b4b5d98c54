// Much to do, a few at a time.

/** Does the work for each item, `lanes` at once. The results are in the order of the items. */
export const inLanes = async <T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = []
  const left = items.entries()
  const lane = async (): Promise<void> => {
    // The lanes share one iterator: each takes the next item that is left.
    for (const [index, item] of left) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

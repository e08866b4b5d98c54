// Awaits what another process or a webhook brings about, asking again until it holds or the time is up.
export const until = async <Found>(
  what: string,
  ask: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found> => {
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline) {
    const found = await ask()
    if (found !== undefined) return found
    await Bun.sleep(10)
  }
  throw new Error(`It did not come about in time: ${what}`)
}

// Loaded before every run of tests: stops the shared shop and closes the shared browser after the last file.
import { afterAll } from 'bun:test'

afterAll(async () => {
  await (await globalThis.sharedTestBrowser)?.close()
  await (await globalThis.sharedTestStack)?.stop()
}, 60_000)

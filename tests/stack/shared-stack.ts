// One shop for all test files of a run that ask no more of it than to be there: the first starts it, the run's end stops it.
import { startTestStack, type TestStack } from './test-stack.ts'

declare global {
  // Modules are loaded anew for each test file; what is global stays.
  var sharedTestStack: Promise<TestStack> | undefined
}

/** A provider to sign in by that nobody reaches. */
const elsewhere = {
  id: 'elsewhere',
  issuer: 'https://idp.example',
  clientId: 'shop',
  clientSecret: 'a secret',
}

/**
 * The shop that other files have used and go on using: leave it running, and expect of its tables only what is about
 * people and orders of your own.
 */
export const sharedStack = (): Promise<TestStack> =>
  (globalThis.sharedTestStack ??= startTestStack({
    onHand: 100_000,
    env: {
      gateway: { REVOCATIONS_EVERY_MS: '50' },
      identity: { OIDC_PROVIDERS: JSON.stringify([elsewhere]) },
    },
  }))

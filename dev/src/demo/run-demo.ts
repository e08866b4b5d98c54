// `bun run demo`: a whole purchase, first by the typed client, then over REST, against a running stack or its own.
import { readDevConfig } from '../dev-config.ts'
import { findStack } from './find-stack.ts'
import { createNarrator } from './narrator.ts'
import { playPurchase } from './purchase.ts'
import { restShop } from './rest-shop.ts'
import { trpcShop } from './trpc-shop.ts'

/** Plays both purchases. Answers 0 only when every step held. */
export const runDemo = async (env: Record<string, string | undefined>): Promise<number> => {
  const narrator = createNarrator()
  const { target, stop } = await findStack(readDevConfig(env), narrator.say)
  try {
    narrator.chapter('A purchase with the typed client (tRPC)')
    await playPurchase(trpcShop(target.gatewayUrl), target, narrator)
    narrator.chapter('The same over REST')
    await playPurchase(restShop(target.gatewayUrl), target, narrator)
  } catch (error) {
    narrator.failed(error)
  } finally {
    await stop()
  }
  narrator.say(narrator.failures() === 0 ? '\nEvery step held.' : `\n${narrator.failures()} steps failed.`)
  return narrator.failures() === 0 ? 0 : 1
}

// The stack that the demo plays against: the one that runs, or one of its own.
import { loadSampleCatalogue } from '../sample-catalogue.ts'
import type { DevConfig } from '../dev-config.ts'
import { adminEmail } from '../process-list.ts'
import { loadSecrets } from '../secrets.ts'
import { startStack } from '../stack.ts'
import type { Target } from './target.ts'

export interface FoundStack {
  readonly target: Target
  /** Stops the stack if the demo started it. */
  stop(): Promise<void>
}

/** Finds the stack of this data folder and these ports, or starts it. */
export const findStack = async (config: DevConfig, say: (line: string) => void): Promise<FoundStack> => {
  const gatewayUrl = `http://127.0.0.1:${config.PORT}`
  const sandboxUrl = `http://127.0.0.1:${config.SANDBOX_PORT}`
  if (await isReady(gatewayUrl)) {
    const { adminPassword } = loadSecrets(config.COMPTOIR_DATA)
    const admin = { email: adminEmail, password: adminPassword }
    return { target: { gatewayUrl, sandboxUrl, admin }, stop: async () => undefined }
  }
  say('No stack runs; starting one for the demo.')
  const stack = await startStack({
    dataDir: config.COMPTOIR_DATA,
    port: config.PORT,
    sandboxPort: config.SANDBOX_PORT,
    databaseUrl: config.DATABASE_URL,
    natsUrl: config.NATS_URL,
    durable: true,
    onProgress: say,
  })
  await loadSampleCatalogue(stack, config.COMPTOIR_DATA, say)
  return { target: stack, stop: () => stack.stop() }
}

const isReady = async (gatewayUrl: string): Promise<boolean> => {
  try {
    return (await fetch(`${gatewayUrl}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack, type Stack } from '@comptoir/dev/stack'

/** A gateway of its own in front of the shop's services, as an operator would set it: limits for all, none for one client. */
export const startGatewayBeside = async (
  { natsUrl, databaseUrl }: Pick<Stack, 'natsUrl' | 'databaseUrl'>,
  env: Record<string, string> = {},
): Promise<Stack> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'comptoir-edge-'))
  const forget = () => rmSync(dataDir, { recursive: true, force: true })
  const gateway = { RATE_LIMIT_SCALE: '10000', LOAD_SCALE: '1', LOG_LEVEL: 'warn', ...env }
  try {
    const stack = await startStack({
      dataDir,
      built: true,
      only: ['gateway'],
      natsUrl,
      databaseUrl,
      env: { gateway },
    })
    return { ...stack, stop: () => stack.stop().finally(forget) }
  } catch (error) {
    forget()
    throw error
  }
}

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stack } from './stack.ts'

/** Imports the sample catalogue into the stack, once for each data folder. Rejects when the import fails. */
export async function loadSampleCatalogue(
  stack: Pick<Stack, 'gatewayUrl' | 'admin'>,
  dataDir: string,
  onProgress: (message: string) => void,
): Promise<void> {
  const done = join(dataDir, 'catalogue-loaded')
  const command = join(import.meta.dir, 'catalogue', 'import.ts')
  if (existsSync(done) || !existsSync(command)) return
  onProgress('loading the sample catalogue')
  const child = Bun.spawn([process.execPath, command], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GATEWAY_URL: stack.gatewayUrl,
      ADMIN_EMAIL: stack.admin.email,
      ADMIN_PASSWORD: stack.admin.password,
    },
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  })
  if ((await child.exited) !== 0)
    throw new Error('The sample catalogue could not be loaded; the next start tries again.')
  writeFileSync(done, '')
}

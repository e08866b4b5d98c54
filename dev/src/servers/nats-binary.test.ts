import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

test('says what is missing and what to type when no way to get nats-server works', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-no-nats-'))
  const script = `
    const { natsProgram } = await import(${JSON.stringify(join(import.meta.dir, 'nats-binary.ts'))})
    await natsProgram(${JSON.stringify(folder)}, () => {}).then(() => process.exit(9), (error) => console.log(error.message))
  `
  try {
    // An empty PATH has no apt-get, and a proxy that refuses is a machine without internet.
    const child = Bun.spawn([process.execPath, '-e', script], {
      env: {
        PATH: folder,
        HOME: folder,
        XDG_CACHE_HOME: folder,
        HTTPS_PROXY: 'http://127.0.0.1:1',
        TMPDIR: tmpdir(),
      },
      stdout: 'pipe',
    })
    const said = await new Response(child.stdout).text()
    expect(await child.exited).toBe(0)
    expect(said).toContain('nats-server 2.10.0 or newer is missing and could not be fetched:')
    expect(said).toContain('release archive:')
    expect(said).toContain('NATS_URL=nats://host:4222')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

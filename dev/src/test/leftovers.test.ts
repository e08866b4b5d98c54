import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killLeftovers } from './leftovers.ts'

const folder = mkdtempSync(join(tmpdir(), 'comptoir leftovers '))
afterAll(() => rmSync(folder, { recursive: true }))

const start = (args: string[], env: Record<string, string> = {}) =>
  Bun.spawn(['sleep', ...args], { env, stdout: 'ignore', stderr: 'ignore' })

// Elsewhere nothing is killed, because nobody tells what a process was started with.
if (process.platform === 'linux')
  test('kills what works in the folder, and nothing that works elsewhere', async () => {
    const left = start(['1000'], { STORE: join(folder, 'store') })
    const foreign = start(['1000'])
    expect(killLeftovers(folder)).toBe(1)
    expect(await left.exited).toBe(137)
    expect(foreign.exitCode).toBeNull()
    foreign.kill()
  })

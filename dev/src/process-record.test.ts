import { afterEach, beforeEach, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { takeDataFolder } from './process-record.ts'
import { birthOf } from './servers/child-process.ts'

let folder: string
let child: Bun.Subprocess

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'comptoir-record-'))
  child = Bun.spawn(['sleep', '60'])
})

afterEach(async () => {
  child.kill('SIGKILL')
  await child.exited
  rmSync(folder, { recursive: true, force: true })
})

const leave = (supervisor: object, bornAt: string) =>
  writeFileSync(
    join(folder, 'processes.json'),
    JSON.stringify({ supervisor, children: { orders: { pid: child.pid, bornAt } } }),
  )

test('ends what a killed supervisor left running', async () => {
  leave({ pid: 2 ** 22 + 1, bornAt: '1' }, birthOf(child.pid))
  const record = await takeDataFolder(folder)
  expect(await child.exited).not.toBe(0)
  expect(child.signalCode).toBe('SIGKILL')
  record.remove()
  expect(existsSync(join(folder, 'processes.json'))).toBe(false)
})

test('never touches a process that has the pid of a former child', async () => {
  leave({ pid: 2 ** 22 + 1, bornAt: '1' }, 'another birth')
  await takeDataFolder(folder)
  expect(birthOf(child.pid)).not.toBe('')
})

test('refuses a folder whose supervisor lives, and says how to run a second stack', async () => {
  leave({ pid: child.pid, bornAt: birthOf(child.pid) }, '')
  expect(await takeDataFolder(folder).catch(String)).toContain('COMPTOIR_DATA=.comptoir-2 PORT=8081')
})

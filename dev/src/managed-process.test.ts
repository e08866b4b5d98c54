import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manageProcess } from './managed-process.ts'
import { isRunning, waitFor } from './servers/child-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'comptoir-managed-'))

beforeAll(() => {
  mkdirSync(join(folder, 'src'))
  writeFileSync(
    join(folder, 'src', 'main.ts'),
    `console.log('greeting', process.env.GREETING, process.env.HOME ?? 'homeless')
     if (process.env.STUBBORN) process.on('SIGTERM', () => {})
     setInterval(() => {}, 1000)`,
  )
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A managed process with a way to await its next line and a note of what it was told. */
function managed(env: Record<string, string>) {
  const queue: string[] = []
  let arrived: (() => void) | undefined
  const pauses: (number | undefined)[] = []
  const handle = manageProcess(
    { name: 'orders', program: 'orders', folder, entry: 'src/main.ts', env },
    {
      onLine: (_, line) => {
        queue.push(line)
        arrived?.()
      },
      onStart: () => {},
      onExit: (_name, _how, nextMs) => pauses.push(nextMs),
    },
  )
  const nextLine = async (): Promise<string> => {
    while (queue.length === 0) await new Promise<void>((resolve) => (arrived = resolve))
    return queue.shift() ?? ''
  }
  return { handle, nextLine, pauses }
}

test('gives a process its own environment and nothing of ours', async () => {
  const { handle, nextLine } = managed({ GREETING: 'hello' })
  handle.start()
  expect(await nextLine()).toBe('greeting hello homeless')
  await handle.stop()
  expect(handle.pid()).toBeUndefined()
})

test('starts a killed process again, with a pause that grows while it keeps dying', async () => {
  const { handle, nextLine, pauses } = managed({ GREETING: 'again' })
  handle.start()
  await nextLine()
  const first = handle.pid()
  const exit = handle.nextExit()
  await handle.kill()
  expect(await exit).toBe('SIGKILL')
  await nextLine()
  expect(handle.pid()).not.toBe(first)
  await handle.kill()
  await nextLine()
  expect(pauses).toEqual([150, 300])
  expect(handle.exits()).toBe(2)
  await handle.stop()
})

test('restarts with a changed environment', async () => {
  const { handle, nextLine } = managed({ GREETING: 'one' })
  handle.start()
  await nextLine()
  handle.env['GREETING'] = 'two'
  await handle.restart()
  expect(await nextLine()).toBe('greeting two homeless')
  await handle.stop()
})

test('kills a process that does not heed SIGTERM, and leaves it down', async () => {
  const { handle, nextLine } = managed({ STUBBORN: 'yes' })
  handle.start()
  await nextLine()
  const pid = handle.pid() ?? 0
  await handle.stop(50)
  expect(isRunning(pid)).toBe(false)
  expect(handle.pid()).toBeUndefined()
})

test('ends by itself when its supervisor is killed', async () => {
  const supervisor = Bun.spawn(
    [process.execPath, join(import.meta.dir, 'testing', 'supervise-and-die.ts'), folder],
    { stdout: 'pipe', stderr: 'inherit' },
  )
  const pids = (await new Response(supervisor.stdout).text()).trim().split(' ').map(Number)
  expect(pids).toHaveLength(2)
  try {
    expect(await waitFor(() => !pids.some((pid) => isRunning(pid)), 5_000)).toBe(true)
  } finally {
    for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  }
})

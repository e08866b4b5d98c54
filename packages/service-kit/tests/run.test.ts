import { fileURLToPath } from 'node:url'
import { expect, test } from 'bun:test'

const program = fileURLToPath(new URL('fixture/faulty-process.ts', import.meta.url))

test.each(['start', 'rejection', 'timer', 'stop'])(
  'a fault at the %s that nobody handles ends the process, and none of its values is printed',
  async (place) => {
    const child = Bun.spawn([process.execPath, program, place], { stdout: 'pipe', stderr: 'pipe' })
    const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text())
    expect(await child.exited).toBe(1)
    expect(said).toContain('Broken')
    expect(said).not.toContain('ada@example.com')
  },
)

const startSlow = (...words: string[]) => {
  const child = Bun.spawn([process.execPath, program, 'slow', ...words], { stdout: 'pipe' })
  const reader = child.stdout.getReader()
  let said = ''
  const says = async (word: string): Promise<void> => {
    while (!said.includes(word)) {
      const { value, done } = await reader.read()
      if (done) throw new Error(`It ended before it said ${word}`)
      said += new TextDecoder().decode(value)
    }
  }
  return { child, says }
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s lets a process finish, and it ends with 0', async (signal) => {
  const { child, says } = startSlow()
  await says('started')
  child.kill(signal)
  expect(await child.exited).toBe(0)
})

test('a second signal ends it at once', async () => {
  const { child, says } = startSlow('for ever')
  await says('started')
  child.kill('SIGTERM')
  await says('stopping')
  child.kill('SIGTERM')
  expect(await child.exited).toBe(1)
})

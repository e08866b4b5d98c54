import { fileURLToPath } from 'node:url'
import { expect, test } from 'bun:test'

test.each(['start', 'rejection', 'timer', 'stop'])(
  'a fault at the %s that nobody handles ends the process, and none of its values is printed',
  async (place) => {
    const program = fileURLToPath(new URL('fixture/faulty-process.ts', import.meta.url))
    const child = Bun.spawn([process.execPath, program, place], { stdout: 'pipe', stderr: 'pipe' })
    const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text())
    expect(await child.exited).toBe(1)
    expect(said).toContain('Broken')
    expect(said).not.toContain('ada@example.com')
  },
)

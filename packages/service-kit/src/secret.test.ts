// oxlint-disable typescript/restrict-template-expressions, typescript/no-base-to-string, typescript/no-misused-spread -- the careless ways are what is tested
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { format, inspect } from 'node:util'
import { pino } from 'pino'
import { readConfig } from './config.ts'
import { reveal, Secret, secretString } from './secret.ts'
import { z } from 'zod'

const canary = 'canary-in-a-coal-mine'
const secret = new Secret(canary)

const written = (write: (line: (text: string) => void) => void): string => {
  let text = ''
  write((line) => (text += line))
  return text
}
const here = (file: string): string => JSON.stringify(join(import.meta.dir, file))
/** What a process prints that has the secret. */
const inProcess = (script: string): string => {
  const making = `import { Secret } from ${here('secret.ts')}\nconst secret = new Secret('${canary}')\n`
  const child = Bun.spawnSync([process.execPath, '-e', making + script])
  expect(child.exitCode).toBe(0)
  return child.stdout.toString() + child.stderr.toString()
}
const toConsole = (): string =>
  inProcess(`
    console.log(secret, { secret }, [secret], '%s %o', secret)
    console.table([{ secret }])
    console.error(secret)
    console.dir({ secret }, { depth: 9, showHidden: true })`)

test.each([
  ['console', toConsole],
  ['util.inspect', () => inspect({ a: { secret } }, { showHidden: true, depth: 9, getters: true })],
  ['Bun.inspect', () => Bun.inspect({ a: [secret] })],
  ['util.format', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ['a template string', () => `${secret}`],
  ['concatenation', () => 'it is ' + String(secret)],
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['pino', () => written((line) => pino({}, { write: line }).info({ secret, deep: { secret } }, 'it'))],
  ['a clone', () => inspect(structuredClone({ secret }))],
  ['a copy', () => JSON.stringify({ ...secret }) + Object.values(Object.assign({}, secret)).join()],
  ['its members', () => [...Reflect.ownKeys(secret)].map(String).join() + Object.entries(secret).join()],
  ['an error', () => inspect(new Error(`Bad key ${secret}`, { cause: { secret } }))],
  ['a comparison that fails', () => inspect(catching(() => expect(secret).toEqual(new Secret('other'))))],
])('%s shows nothing of a secret', (_, show) => {
  const shown = show()
  expect(shown).not.toContain(canary)
  expect(shown).not.toContain('coal')
})

test('the log shows nothing of a secret, however it is called', () => {
  const log = inProcess(`
    import { createLogger } from ${here('logger.ts')}
    const error = new Error('x', { cause: { cause: secret } })
    createLogger('test').info('written', { value: secret, list: [secret], error })`)
  expect(log).toContain('"msg":"written"')
  expect(log).not.toContain(canary)
})

test('a configuration that refuses a secret does not show it', () => {
  const Config = z.object({ KEY: secretString(64) })
  const error = catching(() => readConfig(Config, { KEY: canary }))
  expect(inspect(error)).toContain('KEY')
  expect(inspect(error)).not.toContain(canary)
})

test('the one place that needs it gets it, and a copy is not the secret', () => {
  expect(reveal(secret)).toBe(canary)
  expect(() => reveal(structuredClone(secret))).toThrow('not made here')
})

const catching = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

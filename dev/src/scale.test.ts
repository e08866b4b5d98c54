import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instanceNames, processSpecs } from './process-list.ts'
import { readScale } from './scale.ts'
import { loadSecrets } from './secrets.ts'

test('reads how many instances of which service are wanted', () => {
  expect(readScale([])).toEqual({})
  expect(readScale(['--scale', 'catalog=3', '--scale=orders=2,carts=1'])).toEqual({
    catalog: 3,
    orders: 2,
    carts: 1,
  })
})

test.each([
  [['--scale', 'catalogue=3'], 'names no service'],
  [['--scale', 'gateway=2'], 'names no service'],
  [['--scale', 'catalog'], 'names no service'],
  [['--scale', 'catalog=0'], 'not a number from 1 to 8'],
  [['--scale', 'catalog=9'], 'not a number from 1 to 8'],
  [['--scale', 'catalog=two'], 'not a number from 1 to 8'],
  [['--scale', 'catalog=1.5'], 'not a number from 1 to 8'],
  [['--scale', 'catalog=2', '--scale', 'catalog=3'], 'scaled twice'],
  [['--scale'], 'Usage'],
  [['--sacle', 'catalog=2'], 'Usage'],
  [['catalog=2'], 'Usage'],
])('refuses %j with a clear word and the names that there are', (args, word) => {
  const reading = () => readScale(args)
  expect(reading).toThrow(word)
  expect(reading).toThrow('identity, catalog, carts')
})

test('further instances have names of their own, the same environment, and time to drain', () => {
  expect(instanceNames('catalog', { catalog: 3 })).toEqual(['catalog', 'catalog-2', 'catalog-3'])
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-scale-'))
  try {
    const addresses = {
      natsUrl: 'nats://127.0.0.1:4222',
      databaseUrl: 'postgres://postgres:pw@127.0.0.1:5432/postgres',
      gatewayUrl: 'http://127.0.0.1:8080',
      sandboxUrl: 'http://127.0.0.1:8090',
      dataDir: folder,
    }
    const specs = processSpecs(addresses, loadSecrets(folder), { scale: { catalog: 2 } })
    const [one, other] = specs.filter(({ program }) => program === 'catalog')
    expect(other).toEqual({ ...one, name: 'catalog-2' } as typeof other)
    expect(Number(other?.env['DRAIN_MS'])).toBeGreaterThan(0)
    expect(specs.find(({ name }) => name === 'carts')?.env['DRAIN_MS']).toBe('0')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

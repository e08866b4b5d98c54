import { afterAll, expect, test } from 'bun:test'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSecrets } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'comptoir-secrets-'))
const file = join(folder, 'secrets.json')
afterAll(() => rmSync(folder, { recursive: true }))

test('makes secrets once, in a file that only its owner reads, and leaves nothing else', () => {
  const made = loadSecrets(folder)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(loadSecrets(folder)).toEqual(made)
  expect(readdirSync(folder)).toEqual(['secrets.json'])
})

test('makes what a newer version needs beside what is there, and closes a file that others could read', () => {
  const { adminPassword, ...rest } = loadSecrets(folder)
  writeFileSync(file, JSON.stringify(rest))
  chmodSync(file, 0o644)
  const made = loadSecrets(folder)
  expect(made).toMatchObject(rest)
  expect(made.adminPassword).not.toBe(adminPassword)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(made)
})

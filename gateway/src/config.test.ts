import { expect, test } from 'bun:test'
import { readConfig } from '@comptoir/service-kit/config'
import { Config } from './config.ts'

const origins = (CORS_ORIGINS?: string) =>
  readConfig(Config, { NATS_URL: 'nats://127.0.0.1:4222', CORS_ORIGINS }).CORS_ORIGINS

test('no other origin may read answers unless it is named', () => {
  expect(origins()).toEqual([])
  expect(origins('https://shop.example, http://localhost:3000')).toEqual([
    'https://shop.example',
    'http://localhost:3000',
  ])
})

test.each(['*', 'null', 'shop.example', 'https://shop.example/', 'https://*.example', 'ftp://shop.example'])(
  '%s is no origin that could be named',
  (given) => expect(() => origins(given)).toThrow('CORS_ORIGINS'),
)
const given = { NATS_URL: 'nats://localhost:4222' }

test('trusts no proxy, and scales no limit, unless told', () => {
  const { TRUSTED_PROXIES, RATE_LIMIT_SCALE, LOAD_SCALE } = readConfig(Config, given)
  expect([TRUSTED_PROXIES, RATE_LIMIT_SCALE, LOAD_SCALE]).toEqual([0, 1, 1])
  expect(readConfig(Config, { ...given, TRUSTED_PROXIES: '2' }).TRUSTED_PROXIES).toBe(2)
})

test('names a list of proxies that is none', () => {
  expect(() => readConfig(Config, { ...given, TRUSTED_PROXIES: 'everybody' })).toThrow(
    'TRUSTED_PROXIES: Expected a number of proxies',
  )
})

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

import { expect, test } from 'bun:test'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { encode, negotiateCoding, type Coding } from './content-coding.ts'

test.each([
  [null, undefined],
  ['', undefined],
  ['identity', undefined],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate, compress', undefined],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['gzip, deflate, br', 'br'],
  ['GZIP;Q=1.0', 'gzip'],
  ['zstd;q=0.2, br;q=0.3, gzip;q=0.9', 'gzip'],
  ['zstd;q=0, br;q=0, gzip', 'gzip'],
  ['*', 'zstd'],
  ['*;q=0', undefined],
  ['zstd;q=0, *', 'br'],
  ['identity, gzip;q=0.5', undefined],
  ['gzip;q=2', undefined],
  ['gzip;q=abc', undefined],
])('%p wants %p', (accepted, coding) => {
  expect(negotiateCoding(accepted)).toBe(coding as Coding | undefined)
})

test('each coding gives the same text back, in fewer bytes', () => {
  const body = new TextEncoder().encode('{"name":"Blue mug"}'.repeat(200))
  const decode = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync }
  for (const coding of ['gzip', 'br', 'zstd'] as const) {
    const coded = encode(body, coding)
    expect(coded.byteLength).toBeLessThan(body.byteLength / 5)
    expect(new Uint8Array(decode[coding](coded))).toEqual(body)
  }
})

import { expect, test } from 'bun:test'
import { isRegistered, redirectUriFault } from './redirect-uri.ts'

test.each([
  'https://app.example',
  'https://app.example/callback',
  'https://app.example:8443/a/b?tenant=1',
  'http://127.0.0.1/callback',
  'http://127.0.0.1:4711/callback',
  'http://[::1]:4711/',
  'http://localhost:3000/callback',
])('any client may register %s', (uri) => {
  expect(redirectUriFault(uri, false)).toBeUndefined()
})

test('a scheme of its own is for public clients', () => {
  expect(redirectUriFault('com.example.app:/callback', true)).toBeUndefined()
  expect(redirectUriFault('com.example.app:/callback', false)).toBeString()
})

test.each([
  '',
  'callback',
  '/callback',
  '//app.example/callback',
  'http://app.example/callback',
  'http://127.0.0.1.evil.example/',
  'http://127.1/',
  'http://0x7f000001/',
  'http://2130706433/',
  'http://localhost.evil.example/',
  'http://localhost@evil.example/',
  'https://user@app.example/',
  'https://user:secret@app.example/',
  'https://app.example/#fragment',
  'https://app.example/#',
  'https://*.app.example/',
  'https://app.example/*',
  'https:app.example',
  'https:/app.example',
  'https:///app.example',
  'https:\\\\app.example\\',
  'https://app.example\\@evil.example/',
  'https://app.example/a/../b',
  'https://app.example/./b',
  'https://app.example/%2e%2e/b',
  'https://app.example/a%2fb',
  'https://app.example/a%5cb',
  'https://app.example//evil.example',
  'https://app.example/%0d%0aset-cookie:a',
  'https://app.example/a b',
  'https://app.example/\n',
  '\thttps://app.example/',
  'https://APP.example/',
  'https://app.example:443/',
  'https://\u0430pp.example/',
  'https://app.example/\u2025',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'javascript://app.example/%0aalert(1)',
  'data:text/html,hello',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://app.example/1',
  'about:blank',
  'myapp:/callback',
  'com.example.app://callback',
  'com.example.app:callback',
  'com.example.app:/../callback',
  'ws://app.example/',
  'https://app.example/%zz',
])('nobody may register %j', (uri) => {
  expect(redirectUriFault(uri, true)).toBeString()
})

test.each([
  ['https://app.example/callback', 'https://app.example/callback', true],
  ['https://app.example/callback', 'https://app.example/callback/', false],
  ['https://app.example/callback', 'https://app.example/callback?a=1', false],
  ['https://app.example/callback', 'https://app.example:8443/callback', false],
  ['https://app.example/callback', 'https://app.example/Callback', false],
  ['http://127.0.0.1/callback', 'http://127.0.0.1:4711/callback', true],
  ['http://127.0.0.1:1/callback', 'http://127.0.0.1:4711/callback', true],
  ['http://127.0.0.1/callback', 'http://127.0.0.1:4711/other', false],
  ['http://127.0.0.1/callback', 'http://localhost:4711/callback', false],
  ['http://127.0.0.1/callback', 'http://127.0.0.1:99999/callback', false],
  ['http://127.0.0.1/callback', 'http://127.0.0.1:80@evil.example/callback', false],
  ['http://127.0.0.1/callback', 'https://127.0.0.1/callback', false],
  ['com.example.app:/callback', 'com.example.app:/callback', true],
  ['com.example.app:/callback', 'com.example.app:/callback/x', false],
])('of a client that registered %s, %s is its own: %p', (registered, given, own) => {
  expect(isRegistered([registered], given)).toBe(own)
})

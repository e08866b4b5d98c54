import { expect, test } from 'bun:test'
import { isFit } from './run-folder.ts'

const roomy = {
  mounts: '/dev/vda / ext4 rw 0 0\ntmpfs /dev/shm tmpfs rw,relatime 0 0\n',
  folderBytes: 12e9,
  memory: 'MemTotal: 24683856 kB\nMemAvailable: 20683856 kB\n',
}

test('a run of tests writes into memory where there is room for it', () => {
  expect(isFit(roomy)).toBe(true)
})

test.each([
  ['there is no folder in memory', { mounts: '/dev/vda / ext4 rw 0 0\n' }],
  ['no program can be run there', { mounts: 'tmpfs /dev/shm tmpfs rw,nosuid,noexec,size=9g 0 0\n' }],
  ['it is as small as in a container', { folderBytes: 64 * 1024 ** 2 }],
  ['the machine is short of memory', { memory: 'MemAvailable: 3145728 kB\n' }],
  ['nobody tells how much memory there is', { memory: '' }],
])('and onto the disk where %s', (_why, less) => {
  expect(isFit({ ...roomy, ...less })).toBe(false)
})

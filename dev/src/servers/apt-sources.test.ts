import { describe, expect, test } from 'bun:test'
import { suiteSources } from './apt-sources.ts'

const stanzas = `Types: deb
# a snapshot's address
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`

describe('suiteSources', () => {
  test('takes the mirror and its keys from a deb822 file, with the suite replaced', () => {
    const found = suiteSources([{ name: '/etc/apt/debian.sources', text: stanzas }], ['bookworm'], 'sid')
    expect(found).toEqual({
      format: 'sources',
      text: [
        'Types: deb',
        'URIs: http://mirror.example/debian',
        'Suites: sid',
        'Components: main',
        'Signed-By: /usr/share/keyrings/debian.gpg',
        '',
      ].join('\n'),
    })
  })

  test('takes it from one-line entries, options included, and passes over other vendors', () => {
    const text = [
      'deb https://tools.example/apt tool-bookworm main',
      '# deb http://off.example/debian bookworm main',
      'deb-src http://mirror.example/debian bookworm main',
      'deb [signed-by=/k.gpg arch=amd64] http://mirror.example/debian bookworm main contrib # ours',
    ].join('\n')
    const found = suiteSources([{ name: 'sources.list', text }], ['bookworm'], 'trixie')
    expect(found?.text).toBe('deb [signed-by=/k.gpg arch=amd64] http://mirror.example/debian trixie main\n')
  })

  test('finds nothing in disabled entries, sources of sources, and vendors with a suite of their own', () => {
    const disabled = stanzas.replace('Types: deb\n#', 'Enabled: no\nTypes: deb\n#')
    const sources = stanzas.replace('Types: deb\n#', 'Types: deb-src\n#')
    for (const text of [disabled, sources, stanzas.replaceAll('bookworm', 'nodistro')]) {
      expect(suiteSources([{ name: 'x.sources', text }], ['bookworm'], 'sid')).toBeNull()
    }
  })
})

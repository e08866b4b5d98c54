type SourceFile = { name: string; text: string }

/**
 * From a machine's own apt sources, one source for another suite of the same mirror with the same keys: the first entry
 * of binary packages that names one of the machine's suites and the component main. Null when there is none.
 */
export function suiteSources(
  files: readonly SourceFile[],
  ownSuites: readonly string[],
  suite: string,
): { format: 'list' | 'sources'; text: string } | null {
  for (const file of files) {
    const text = file.name.endsWith('.sources')
      ? fromStanzas(file.text, ownSuites, suite)
      : fromLines(file.text, ownSuites, suite)
    if (text) return { format: file.name.endsWith('.sources') ? 'sources' : 'list', text }
  }
  return null
}

// The deb822 format: fields, continued by lines that begin with a space (an embedded key spans many).
function fromStanzas(text: string, ownSuites: readonly string[], suite: string): string | null {
  for (const stanza of text.split(/\n\s*\n/)) {
    const lines = stanza.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
    const field = (name: string) => {
      const line = lines.find((candidate) => candidate.toLowerCase().startsWith(`${name}:`))
      return line
        ? line
            .slice(line.indexOf(':') + 1)
            .trim()
            .split(/\s+/)
        : []
    }
    const disabled = field('enabled')[0] === 'no'
    const matches = field('suites').some((own) => ownSuites.includes(own))
    if (disabled || !matches || !field('types').includes('deb') || !field('components').includes('main'))
      continue
    return `${lines.map((line) => (/^suites:/i.test(line) ? `Suites: ${suite}` : line)).join('\n')}\n`
  }
  return null
}

// The one-line format: deb [options] uri suite component…
function fromLines(text: string, ownSuites: readonly string[], suite: string): string | null {
  for (const line of text.split('\n')) {
    const parts = /^\s*deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line)
    if (!parts) continue
    const [, options = '', uri, own = '', components = ''] = parts
    if (!ownSuites.includes(own) || !components.trim().split(/\s+/).includes('main')) continue
    return `deb ${options}${uri} ${suite} main\n`
  }
  return null
}

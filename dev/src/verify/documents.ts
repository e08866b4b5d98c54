// Every path that a document names must exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Glob } from 'bun'
import { repository as root } from '../install.ts'

const documents = [...new Glob('**/*.md').scanSync({ cwd: root })].filter(
  (file) => !file.includes('node_modules'),
)
const missing = documents.flatMap((file) =>
  namedPaths(readFileSync(join(root, file), 'utf8'))
    .filter((path) => !isThere(file, path))
    .map((path) => `${file}: ${path}`),
)

if (missing.length > 0) {
  console.error(`Documents name what is not there:\n${missing.join('\n')}`)
  process.exit(1)
}

/** Paths in backquotes and in relative links; a name with a placeholder or a wildcard is no path. */
function namedPaths(text: string): string[] {
  const quoted = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)].map(([, path]) => path ?? '')
  const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, path]) => path ?? '')
  const places = /^(packages|services|gateway|nats|sandbox|dev|tests|bench|deploy|src|\.ci|\.\.?)\//
  return [...quoted.filter((path) => places.test(path)), ...linked]
}

function isThere(file: string, path: string): boolean {
  return existsSync(join(root, path)) || existsSync(join(root, dirname(file), path)) || isInServices(path)
}

/** What a document says of every service, such as src/config.ts. */
function isInServices(path: string): boolean {
  if (!path.startsWith('src/')) return false
  return readdirSync(join(root, 'services')).some((name) => existsSync(join(root, 'services', name, path)))
}

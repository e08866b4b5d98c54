// The workspace's source files with what each imports.
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

export interface Import {
  /** As written: `zod`, `@comptoir/contracts/money`, `../domain/order.ts`. */
  readonly specifier: string
  /** Path from the root for an import of a file of ours. */
  readonly file: string | undefined
  readonly typeOnly: boolean
}

export interface Source {
  /** Path from the root. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Reads all of the workspace. */
export const readSources = (): Source[] => {
  const patterns = ['{packages,services}/*/**/*.ts', '{gateway,nats,sandbox,dev,tests,bench}/**/*.ts']
  return patterns
    .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: root })])
    .filter((path) => !path.includes('node_modules'))
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')))
}

/** Parses one file; also for files that only exist in a test. */
export const sourceOf = (path: string, text: string): Source => ({
  path,
  text,
  imports: importsOf(path, text),
})

const importsOf = (path: string, text: string): Import[] => {
  const { module, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`)
  const fixed = module.staticImports.map(({ moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
  }))
  const again = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest === null ? [] : [{ specifier: moduleRequest.value, typeOnly: isType }],
    ),
  )
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest }) => {
    const literal = /^['"](.+)['"]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1]
    return literal === undefined ? [] : [{ specifier: literal, typeOnly: false }]
  })
  return [...fixed, ...again, ...dynamic].map((found) => ({ ...found, file: fileOf(path, found.specifier) }))
}

const packages: Readonly<Record<string, string>> = {
  contracts: 'packages/contracts/src',
  'service-kit': 'packages/service-kit/src',
  nats: 'nats',
  dev: 'dev/src',
}

const fileOf = (path: string, specifier: string): string | undefined => {
  if (specifier.startsWith('.')) return normalize(join(dirname(path), specifier))
  const [, name, rest] = /^@comptoir\/([\w-]+)\/(.+)$/.exec(specifier) ?? []
  const folder = name === undefined ? undefined : packages[name]
  return folder === undefined ? undefined : `${folder}/${rest}.ts`
}

import { join } from 'node:path'

const path = join(import.meta.dir, '..', 'README.md')
const [begin, end] = ['<!-- results: written by bun run bench -->', '<!-- end of results -->'] as const

/** Puts the report between the markers of the README. Throws where the README has none. */
export const writeReadme = (report: string): Promise<void> => rewrite(() => `\n\n${report}\n\n`)

/** Puts one section in the place of the one with its title, or behind the others. */
export const writeSection = (title: string, body: string): Promise<void> =>
  rewrite((results) => {
    const heading = `### ${title}\n\n`
    const from = results.indexOf(heading)
    if (from === -1) return `${results}${heading}${body}\n\n`
    const next = results.indexOf('\n### ', from)
    return `${results.slice(0, from)}${heading}${body}\n${next === -1 ? '\n' : results.slice(next)}`
  })

const rewrite = async (change: (results: string) => string): Promise<void> => {
  const text = await Bun.file(path).text()
  const from = text.indexOf(begin) + begin.length
  const to = text.indexOf(end)
  if (!text.includes(begin) || to < from) throw new Error('The README has lost the markers of its results')
  await Bun.write(path, `${text.slice(0, from)}${change(text.slice(from, to))}${text.slice(to)}`)
}

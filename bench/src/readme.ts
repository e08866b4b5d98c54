import { join } from 'node:path'

const path = join(import.meta.dir, '..', 'README.md')
const [begin, end] = ['<!-- results: written by bun run bench -->', '<!-- end of results -->'] as const

/** Puts the report between the markers of the README. Throws where the README has none. */
export const writeReadme = async (report: string): Promise<void> => {
  const text = await Bun.file(path).text()
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from === -1 || to < from) throw new Error('The README has lost the markers of its results')
  await Bun.write(path, `${text.slice(0, from + begin.length)}\n\n${report}\n\n${text.slice(to)}`)
}

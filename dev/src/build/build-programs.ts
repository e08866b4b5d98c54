import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, processNames } from '../process-list.ts'

/**
 * Bundles every program with all that it imports into `dist/` of its folder: what the image runs. It starts in half the
 * processor time, because nothing is looked up or translated any more. Files that it reads, such as migrations, lie beside
 * `src/` and `dist/`, and only what lies right in `src/` names them, so that they are found from both. Throws with the bundler's words when one fails.
 */
export async function buildPrograms(): Promise<void> {
  await Promise.all(
    processNames.map(async (name) => {
      const outdir = join(folderOf(name), 'dist')
      rmSync(outdir, { recursive: true, force: true })
      await Bun.build({
        entrypoints: [join(folderOf(name), 'src', 'main.ts')],
        outdir,
        target: 'bun',
        // What is imported on demand stays out of the start.
        splitting: true,
        sourcemap: 'linked',
      })
    }),
  )
}

import { existsSync, type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { repository } from './install.ts'
import type { ManagedProcess } from './managed-process.ts'

const quietMs = 120
const sources = /\.(ts|tsx|sql|json|css|html)$/
const ignored = /(^|\/)(node_modules|tests?)(\/|$)|\.test\.ts$/

/**
 * Restarts what a source change affects: the process whose folder changed, or every process when a package did.
 * Returns a function that ends the watching.
 */
export function watchSources(
  processes: readonly ManagedProcess[],
  onReload: (names: string[]) => void,
): () => void {
  const due = new Set<ManagedProcess>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const reload = () => {
    const restarting = [...due]
    due.clear()
    onReload(restarting.map((process) => process.name))
    for (const process of restarting) void process.restart()
  }
  const changed = (affected: readonly ManagedProcess[], file: string | null) => {
    if (file === null || !sources.test(file) || ignored.test(file)) return
    for (const process of affected) due.add(process)
    clearTimeout(timer)
    timer = setTimeout(reload, quietMs)
  }
  const watchers = [
    ...processes.map((process) => watchFolder(folderOf(process.program), (file) => changed([process], file))),
    ...['contracts', 'service-kit'].map((name) =>
      watchFolder(join(repository, 'packages', name, 'src'), (file) => changed(processes, file)),
    ),
  ]
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher?.close()
  }
}

function folderOf(name: string): string {
  return join(repository, name === 'gateway' || name === 'sandbox' ? name : `services/${name}`, 'src')
}

function watchFolder(folder: string, onChange: (file: string | null) => void): FSWatcher | null {
  return existsSync(folder) ? watch(folder, { recursive: true }, (_, file) => onChange(file)) : null
}

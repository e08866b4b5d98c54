// Import cycles, found by a depth-first walk; type imports count, because they tie files together just as well.
import type { Source } from './sources.ts'

/** Each cycle as the chain of its files. */
export const findCycles = (sources: readonly Source[]): string[] => {
  const edges = new Map(sources.map(({ path, imports }) => [path, imports.flatMap(({ file }) => file ?? [])]))
  const done = new Set<string>()
  const cycles: string[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) cycles.push([...trail.slice(at), path].join(' → '))
    if (at >= 0 || done.has(path)) return
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path])
    done.add(path)
  }
  for (const { path } of sources) walk(path, [])
  return cycles
}

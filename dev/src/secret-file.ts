import { renameSync, writeFileSync } from 'node:fs'

/** Writes a file that only its owner reads: whole, or not at all where the process dies on the way. */
export function writeSecretFile(file: string, text: string): void {
  const partial = `${file}.${process.pid}`
  writeFileSync(partial, text, { mode: 0o600 })
  renameSync(partial, file)
}

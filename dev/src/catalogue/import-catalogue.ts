import type { ImportReport } from '@comptoir/contracts/catalog/model'
import { type FileRow, readRows } from './read-rows.ts'
import { type Importer, signIn } from './shop-client.ts'

export interface CatalogueImport {
  gatewayUrl: string
  email: string
  password: string
  /** An `.ndjson` or `.csv` file, plain or gzipped. */
  path: string
  onProgress?: (progress: Progress) => void
}

/** A row that was not taken. */
export interface BadRow {
  line: number
  sku: string | null
  pointer: string
  message: string
}

/** What was done so far. `rejected` are only those that came with the last batch. */
export interface Progress {
  rows: number
  created: number
  updated: number
  unchanged: number
  rejected: readonly BadRow[]
}

/** `rejectedRows` counts rows, each of which may have several faults. */
export type Summary = Omit<Progress, 'rejected'> & { rejectedRows: number }

const rowsMax = 500
// The gateway takes bodies of 1 MiB; half of that leaves room for what JSON adds.
const charactersMax = 500_000

/** Imports a file over the gateway in batches. A bad row is told of and left out, and never stops the others. */
export const importCatalogue = async (given: CatalogueImport): Promise<Summary> =>
  importRows(readRows(given.path), await signIn(given), given.onProgress ?? (() => undefined))

/** The same for rows that are there already. */
export const importRows = async (
  rows: AsyncIterable<FileRow>,
  importer: Importer,
  onProgress: (progress: Progress) => void,
): Promise<Summary> => {
  const summary: Summary = { rows: 0, created: 0, updated: 0, unchanged: 0, rejectedRows: 0 }
  for await (const batch of batches(rows)) {
    const good = batch.flatMap((item) => ('row' in item ? [item] : []))
    const unreadable = batch.flatMap((item) => ('row' in item ? [] : [{ sku: null, ...item }]))
    const report = good.length === 0 ? nothing : await importer.send(good.map(({ row }) => row))
    const refused = report.rejected.map(({ row, ...fault }) => ({ line: good[row]?.line ?? 0, ...fault }))
    const rejected = [...unreadable, ...refused].toSorted((a, b) => a.line - b.line)
    summary.rows += batch.length
    summary.created += report.created
    summary.updated += report.updated
    summary.unchanged += report.unchanged
    summary.rejectedRows += new Set(rejected.map(({ line }) => line)).size
    onProgress({ ...summary, rejected })
  }
  return summary
}

const nothing: ImportReport = { created: 0, updated: 0, unchanged: 0, rejected: [] }

async function* batches(rows: AsyncIterable<FileRow>): AsyncIterable<FileRow[]> {
  let batch: FileRow[] = []
  let characters = 0
  for await (const item of rows) {
    const length = 'row' in item ? JSON.stringify(item.row).length : 0
    if (batch.length === rowsMax || (batch.length > 0 && characters + length > charactersMax)) {
      yield batch
      batch = []
      characters = 0
    }
    batch.push(item)
    characters += length
  }
  if (batch.length > 0) yield batch
}

import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { rowOfRecord } from './csv-row.ts'

/** A row of a file, not checked yet, or what is wrong with a line that cannot even be read as one. */
export type FileRow = { line: number; row: unknown } | { line: number; pointer: string; message: string }

/**
 * Reads the rows of an NDJSON or CSV file, plain or gzipped, one by one; a line that is broken does not end the file.
 * Throws for a file of another kind; the iteration throws where the file cannot be read.
 */
export const readRows = (path: string): AsyncIterable<FileRow> => {
  const plain = path.replace(/\.gz$/, '')
  const read = /\.(ndjson|jsonl)$/.test(plain) ? readLines : plain.endsWith('.csv') ? readCsv : undefined
  if (read === undefined) throw new Error(`${path} is neither .ndjson nor .csv (each may end in .gz)`)
  const file = createReadStream(path)
  // An error of any part destroys the last one with it, and so reaches whoever iterates.
  return read(plain === path ? file : pipeline(file, createGunzip(), () => undefined))
}

async function* readLines(bytes: Readable): AsyncIterable<FileRow> {
  let line = 0
  for await (const content of linesOf(bytes)) {
    line += 1
    if (content.trim() === '') continue
    try {
      yield { line, row: JSON.parse(content) as unknown }
    } catch {
      yield { line, pointer: '', message: 'This line is not JSON' }
    }
  }
}

async function* linesOf(bytes: Readable): AsyncIterable<string> {
  let rest = ''
  for await (const text of bytes.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

async function* readCsv(bytes: Readable): AsyncIterable<FileRow> {
  const parser = parse({
    bom: true,
    columns: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  for await (const { record, info } of pipeline(bytes, parser, () => undefined) as AsyncIterable<CsvRecord>) {
    // `lines` counts to the end of the record, and text in quotes may have line breaks of its own.
    const breaks = Object.values(record).reduce((sum, value) => sum + (value.split('\n').length - 1), 0)
    const line = info.lines - breaks
    const read = rowOfRecord(record)
    yield 'row' in read ? { line, row: read.row } : { line, ...read }
  }
}

interface CsvRecord {
  record: Record<string, string>
  info: { lines: number }
}

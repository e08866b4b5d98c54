// Makes the sample catalogue from the data set that ATTRIBUTION.md names:
//   bun dev/src/catalogue/derive-online-retail.ts <transactions.csv[.gz]>
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { type InvoiceLine, retailProducts } from './retail-products.ts'

const Line = z.object({
  StockCode: z.string(),
  Description: z.string(),
  Quantity: z.coerce.number(),
  UnitPrice: z.string(),
})

const read = (path: string): InvoiceLine[] => {
  const bytes = readFileSync(path)
  const text = path.endsWith('.gz') ? gunzipSync(bytes) : bytes
  return z
    .array(Line)
    .parse(parse(text, { columns: true, bom: true }))
    .map((line) => ({
      stockCode: line.StockCode,
      description: line.Description,
      quantity: line.Quantity,
      unitPrice: line.UnitPrice,
    }))
}

const [path] = process.argv.slice(2)
if (path === undefined) {
  console.error('Usage: bun dev/src/catalogue/derive-online-retail.ts <transactions.csv[.gz]>')
  process.exit(2)
}
const rows = retailProducts(read(path))
const target = join(import.meta.dir, 'online-retail.ndjson.gz')
writeFileSync(target, gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), { level: 9 }))

const perCategory = new Map<string, number>()
for (const { category } of rows) perCategory.set(category, (perCategory.get(category) ?? 0) + 1)
for (const [category, count] of [...perCategory].toSorted())
  console.log(`${String(count).padStart(5)}  ${category}`)
console.log(`${rows.length} products in ${target}`)

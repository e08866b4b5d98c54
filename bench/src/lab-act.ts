import postgres from 'postgres'
import { startBenchStack } from './bench-stack.ts'
import { readOptions } from './options.ts'
import { measureShoppers } from './sections/shoppers.ts'
const stack = await startBenchStack(readOptions(['--only', 'shoppers']), () => {})
const c = (d: string) =>
  postgres(new URL(`/${d}`, stack.databaseUrl).href, { max: 1, fetch_types: false, onnotice: () => {} })
const s = c('postgres'),
  o = c('comptoir_orders')
const seen = new Map<string, number>()
let on = true,
  samples = 0
const sampler = (async () => {
  await Bun.sleep(9000)
  while (on) {
    samples++
    for (const r of await s`select datname, state, coalesce(wait_event_type || ':' || wait_event, 'cpu') w, left(query, 70) q from pg_stat_activity where datname in ('comptoir_payments','comptoir_orders') and state <> 'idle'`) {
      const k = `${r.datname} ${r.state} ${r.w} ${r.q.replace(/\s+/g, ' ')}`
      seen.set(k, (seen.get(k) ?? 0) + 1)
    }
    await Bun.sleep(25)
  }
})()
const r = await measureShoppers(stack, o, { shoppers: 16, seconds: 12 })
on = false
await sampler
console.log('per s', r.placedPerSecond, 'samples', samples)
for (const [k, v] of Object.entries(r.shopped.steps)) console.log(k, v.p50.toFixed(1))
for (const [k, v] of [...seen].sort((a, b) => b[1] - a[1]).slice(0, 40))
  console.log((v / samples).toFixed(2), k)
const m = await (await fetch(stack.serviceUrls.get('payments') + '/metrics')).text()
console.log(
  m
    .split('\n')
    .filter((l) => /procedure_duration.*(sum|count)/.test(l))
    .join('\n'),
)
await s.end()
await o.end()
await stack.stop()
process.exit(0)

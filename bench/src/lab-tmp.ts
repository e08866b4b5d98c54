import postgres from 'postgres'
import { startBenchStack } from './bench-stack.ts'
import { readOptions } from './options.ts'
import { prepareStatements } from './measure/statements.ts'
import { measureShoppers } from './sections/shoppers.ts'
const options = readOptions(['--only','shoppers'])
const stack = await startBenchStack(options, () => {})
const c = (d: string) => postgres(new URL(`/${d}`, stack.databaseUrl).href, { max: 1, fetch_types: false, onnotice: () => {} })

import { readFileSync } from 'node:fs'
import { processesOf } from './measure/processes.ts'
const pgcpu = () => { const m: Record<string, number[]> = {}; for (const pid of processesOf(stack).get('postgres') ?? []) { try { const st = readFileSync(`/proc/${pid}/stat`, 'utf8'); const f = st.slice(st.lastIndexOf(')') + 2).split(' '); const name = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').split(' ').slice(1, 4).join(' '); const e = (m[name.startsWith('postgres comptoir') ? name.split(' ').slice(1,2).join(' ') : name] ??= [0, 0, 0]); e[0]! += +f[11]!; e[1]! += +f[12]!; e[2]! += 1 } catch {} } return m }
const s = c('postgres'), o = c('comptoir_orders')
await prepareStatements(s)
await measureShoppers(stack, o, { shoppers: 16, seconds: Number(process.argv[3] ?? 28) })
await s`select pg_stat_statements_reset()`
const pa = pgcpu(); const wa = (await s`select wal_records, wal_fpi, wal_bytes::float8 from pg_stat_wal`)[0]!
const b = await o`select count(*)::int n from orders`
const r = await measureShoppers(stack, o, { shoppers: 16, seconds: Number(process.argv[2] ?? 12) })
const a = await o`select count(*)::int n from orders`
const n = a[0].n - b[0].n
console.log('orders', n, 'per s', r.placedPerSecond, JSON.stringify([...r.cpuPerOrder].map(([k,v]) => [k, +v.toFixed(1)])))
for (const [k,v] of Object.entries(r.shopped.steps)) console.log(k, v.p50.toFixed(1), v.p95.toFixed(1))
const pb = pgcpu(); const wb = (await s`select wal_records, wal_fpi, wal_bytes::float8 from pg_stat_wal`)[0]!
console.log('wal/order', (wb.wal_records - wa.wal_records) / n, (wb.wal_fpi - wa.wal_fpi) / n, (wb.wal_bytes - wa.wal_bytes) / n)
for (const [k, v] of Object.entries(pb)) { const w = pa[k] ?? [0, 0, 0]; console.log('pg', k.padEnd(34), 'user', ((v[0]! - w[0]!) * 10 / n).toFixed(2), 'sys', ((v[1]! - w[1]!) * 10 / n).toFixed(2), 'n', v[2]) }
const t = await s`select sum(calls)/${n}::float8 calls, sum(total_exec_time)/${n}::float8 ms, sum(total_plan_time)/${n}::float8 plan from pg_stat_statements`
console.log(t[0])
const rows = await s`select substr(d.datname,10) db, calls/${n}::float8 as c, total_exec_time/${n}::float8 ms, total_plan_time/${n}::float8 pl, mean_exec_time mean, min_exec_time mn, shared_blks_hit/greatest(calls,1)::float8 hit, left(regexp_replace(query, '\\s+', ' ', 'g'), 130) q from pg_stat_statements s join pg_database d on d.oid=dbid order by total_exec_time+total_plan_time desc limit 45`
for (const x of rows) console.log(x.db?.padEnd(13), x.c.toFixed(2).padStart(6), x.ms.toFixed(3).padStart(8), x.pl.toFixed(3).padStart(7), x.mean.toFixed(3).padStart(8), x.mn.toFixed(3).padStart(7), x.hit.toFixed(0).padStart(6), x.q)

const slow = o
for (const [db, like] of [['comptoir_orders', '%order_lines l where%for update%']] as const) { void db; void like }
console.log('--- by calls')
const rows2 = await s`select substr(d.datname,10) db, calls/${n}::float8 as c, left(regexp_replace(query, '\\s+', ' ', 'g'), 120) q from pg_stat_statements s join pg_database d on d.oid=dbid order by calls desc limit 60`
for (const x of rows2) console.log(x.db?.padEnd(13), x.c.toFixed(2).padStart(6), x.q)
await s.end(); await o.end()
await stack.stop()
process.exit(0)

import { startBenchStack } from './bench-stack.ts'
import { readOptions } from './options.ts'
import { cpuOf } from './measure/processes.ts'
const stack = await startBenchStack(readOptions(['--only','shoppers']), () => {})
await Bun.sleep(6000)
const a = cpuOf(stack); await Bun.sleep(10000); const b = cpuOf(stack)
let t = 0
for (const [k, v] of b) { const d = (v - (a.get(k) ?? 0)) * 100; t += d; console.log(k, d.toFixed(1), 'ms/s') }
console.log('total', t)
await stack.stop(); process.exit(0)

// A process of its own: the same reads again and again over so many kept connections, one request under way on each.
import { spreadOf } from '../measure/percentiles.ts'
import { createConnection } from './connection.ts'
import type { Read, Reading } from './reading.ts'
import { bytesOf } from './request-bytes.ts'
import { readTask, tell } from './task.ts'

const reading = await readTask<Reading>()
const { headers = {} } = reading
const requests = reading.paths.map((path) => {
  return { bytes: bytesOf({ method: 'GET', path, headers }), reads: false }
})
const times: number[] = []
const counted = { errors: 0, requests: 0 }
const beginAt = performance.now() + reading.warmUpSeconds * 1_000
const endAt = beginAt + reading.seconds * 1_000

const readOn = async (): Promise<void> => {
  const connection = createConnection(reading.url)
  for (let now = performance.now(); now < endAt;) {
    counted.requests += 1
    const request = requests[counted.requests % requests.length]
    if (request === undefined) return
    const status = await connection.send(request).then(
      (answer) => answer.status,
      () => 0,
    )
    const answeredAt = performance.now()
    if (status !== 200) counted.errors += 1
    else if (now >= beginAt && answeredAt <= endAt) times.push(answeredAt - now)
    now = answeredAt
  }
  connection.close()
}

await Promise.all(Array.from({ length: reading.connections }, readOn))
const { user, system } = process.cpuUsage()
const result: Read = {
  perSecond: times.length / reading.seconds,
  latency: spreadOf(times),
  requests: counted.requests,
  errors: counted.errors,
  driverCpuSeconds: (user + system) / 1_000_000,
}
tell(result)

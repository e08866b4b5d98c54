// Loaded into the gateway beside its own code: at each SIGUSR2 it collects its garbage and writes down what is left.
import { heapStats } from 'bun:jsc'

const file = process.env['MEMORY_FILE'] ?? ''

process.on('SIGUSR2', () => {
  // What the first time lets go of, the second can free.
  Bun.gc(true)
  Bun.gc(true)
  const { heapSize, extraMemorySize } = heapStats()
  void Bun.write(file, JSON.stringify({ heap: heapSize + extraMemorySize, rss: process.memoryUsage.rss() }))
})

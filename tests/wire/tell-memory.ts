// Loaded into the gateway beside its own code: at each SIGUSR2 it lets go of all that it can and writes down what is left.
import { heapStats } from 'bun:jsc'

const file = process.env['MEMORY_FILE'] ?? ''
/** The allocator gives pages back a moment after they are free. */
const settleMs = 100

process.on('SIGUSR2', () => {
  // Compiled code goes too: it is a third of the heap, and how much of it there is depends on when the engine last found
  // some of it old.
  Bun.shrink()
  setTimeout(() => {
    Bun.gc(true)
    const { heapSize, extraMemorySize } = heapStats()
    void Bun.write(file, JSON.stringify({ heap: heapSize + extraMemorySize, rss: process.memoryUsage.rss() }))
  }, settleMs)
})

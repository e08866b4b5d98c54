import { manageProcess } from '../managed-process.ts'

// A supervisor that is killed: starts two processes of a folder, says their pids and leaves them to themselves.
const [folder = ''] = process.argv.slice(2)
const running = await Promise.all(
  (['orders', 'carts'] as const).map((name) => {
    const { promise, resolve } = Promise.withResolvers<number>()
    const handle = manageProcess(
      { name, program: name, folder, entry: 'src/main.ts', env: { STUBBORN: 'yes' } },
      { onLine: () => resolve(handle.pid() ?? 0), onStart: () => {}, onExit: () => {} },
    )
    handle.start()
    return promise
  }),
)
console.log(running.join(' '))
process.kill(process.pid, 'SIGKILL')

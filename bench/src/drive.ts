import { join } from 'node:path'

type Driver =
  | 'shoppers'
  | 'reads'
  | 'bare'
  | 'hop-service'
  | 'proxy'
  | 'offer'
  | 'sick-service'
  | 'access-costs'
  | 'hashing'

/** Runs a driver in a process of its own and answers with what it tells. Rejects when it takes longer than allowed. */
export const drive = async <Result>(driver: Driver, task: object, limitSeconds: number): Promise<Result> => {
  const child = spawnDriver(driver, task)
  const late = setTimeout(() => child.kill('SIGKILL'), limitSeconds * 1_000)
  const [text, code] = await Promise.all([new Response(child.stdout).text(), child.exited])
  clearTimeout(late)
  if (code !== 0) throw new Error(`The driver ${driver} ended with ${child.signalCode ?? code}`)
  return JSON.parse(text) as Result
}

export interface Beside {
  readonly pid: number
  stop(): Promise<void>
}

/** Starts a server driver; resolves once it has said that it is ready. */
export const serveBeside = async (driver: Driver, task: object): Promise<Beside> => {
  const child = spawnDriver(driver, task)
  await child.stdout.getReader().read()
  return {
    pid: child.pid,
    stop: async () => {
      child.kill()
      await child.exited
    },
  }
}

const spawnDriver = (driver: Driver, task: object) => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'drivers', `${driver}.ts`)], {
    stdin: new TextEncoder().encode(JSON.stringify(task)),
    stdout: 'pipe',
    stderr: 'inherit',
  })
  process.on('exit', () => child.kill('SIGKILL'))
  return child
}

// A page of Chromium, spoken to by its DevTools protocol.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../stack/until.ts'

export interface Page {
  readonly program: string
  readonly url: string
  /** A file that is bundled and run on the page first. */
  readonly script: string
  /** Its value, waited for, is the answer. */
  readonly expression: string
}

/** Opens a page, runs a script there and answers what an expression of it comes to. */
export const inBrowser = async ({ program, url, script, expression }: Page): Promise<unknown> => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-browser-'))
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  const child = Bun.spawn(
    [program, ...flags, '--remote-debugging-port=0', `--user-data-dir=${folder}`, url],
    {
      stdout: 'ignore',
      stderr: 'ignore',
    },
  )
  try {
    const file = join(folder, 'DevToolsActivePort')
    const port = await until('the browser listens', () =>
      existsSync(file) ? readFileSync(file, 'utf8').split('\n')[0] || undefined : undefined,
    )
    const address = await until('the page is there', () => pageAt(`http://127.0.0.1:${port}/json/list`, url))
    const loaded = `(document.readyState === 'complete' && location.href === ${JSON.stringify(url)}) || undefined`
    await until('the page has loaded', () => evaluate(address, loaded))
    const bundle = await Bun.build({ entrypoints: [script], target: 'browser', format: 'iife' })
    const code = await bundle.outputs[0]?.text()
    return await evaluate(address, `${code}\n;${expression}`)
  } finally {
    child.kill('SIGKILL')
    await child.exited
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Target {
  readonly type: string
  readonly url: string
  readonly webSocketDebuggerUrl: string
}

const pageAt = async (list: string, url: string): Promise<string | undefined> => {
  const targets = (await (await fetch(list)).json()) as Target[]
  return targets.find((target) => target.type === 'page' && target.url === url)?.webSocketDebuggerUrl
}

const evaluate = async (address: string, expression: string): Promise<unknown> => {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const socket = new WebSocket(address)
  const params = { expression, awaitPromise: true, returnByValue: true }
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params })),
  )
  socket.addEventListener('error', () => reject(new Error('The browser cannot be spoken to')))
  socket.addEventListener('message', ({ data }) => {
    const { result } = JSON.parse(String(data)) as {
      result?: { result?: { value?: unknown } }
    }
    if (result?.result?.value !== undefined) return resolve(result.result.value)
    reject(new Error(String(data).slice(0, 2_000)))
  })
  try {
    return await promise
  } finally {
    socket.close()
  }
}

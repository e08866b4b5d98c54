// A page of Chromium, spoken to by its DevTools protocol.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../stack/until.ts'

interface Visit {
  readonly url: string
  /** Where that leads, if it leads elsewhere. */
  readonly endsAt?: string
  /** A file that is bundled and run on the page first. */
  readonly script?: string
  /** Its value, waited for, is the answer. */
  readonly expression: string
}

export interface Browser extends AsyncDisposable {
  /** Opens a page, runs a script there and answers what an expression of it comes to. Pages share their cookies. */
  visit(visit: Visit): Promise<unknown>
}

/** Starts a browser that remembers nothing. */
export const openBrowser = async (program: string): Promise<Browser> => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-browser-'))
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  const child = Bun.spawn(
    [program, ...flags, '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'],
    { stdout: 'ignore', stderr: 'ignore' },
  )
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await child.exited
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const file = join(folder, 'DevToolsActivePort')
    const port = await until('the browser listens', () =>
      existsSync(file) ? readFileSync(file, 'utf8').split('\n')[0] || undefined : undefined,
    )
    return { visit: (visit) => goTo(`http://127.0.0.1:${port}/json`, visit), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

const goTo = async (devTools: string, { url, endsAt = url, script, expression }: Visit): Promise<unknown> => {
  await fetch(`${devTools}/new?${encodeURIComponent(url)}`, { method: 'PUT' })
  const address = await until('the page is there', () => pageAt(`${devTools}/list`, endsAt))
  const loaded = `(document.readyState === 'complete' && location.href === ${JSON.stringify(endsAt)}) || undefined`
  await until('the page has loaded', () => evaluate(address, loaded))
  if (script === undefined) return evaluate(address, expression)
  const bundle = await Bun.build({ entrypoints: [script], target: 'browser', format: 'iife' })
  const code = await bundle.outputs[0]?.text()
  return evaluate(address, `${code}\n;${expression}`)
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

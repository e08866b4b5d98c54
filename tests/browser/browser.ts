// Chromium without a window, for tests of what only a browser decides.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../stack/until.ts'
import { connectDevTools } from './dev-tools.ts'
import { openPage, type Page, type PageOptions } from './page.ts'

export interface Browser {
  /** Opens an empty page that shares nothing with others. */
  open(options?: PageOptions): Promise<Page>
  close(): Promise<void>
}

declare global {
  // Modules are loaded anew for each test file; what is global stays.
  var sharedTestBrowser: Promise<Browser> | undefined
}

/** The browser that all test files of a run share: the first starts it, the run's end closes it. */
export const sharedBrowser = (): Promise<Browser> => (globalThis.sharedTestBrowser ??= startBrowser())

const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--remote-debugging-port=0',
  // It asks nobody for anything but what a page asks for.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-sync',
  '--no-first-run',
]

const startBrowser = async (): Promise<Browser> => {
  const program = process.env['TEST_CHROMIUM']
  if (program === undefined)
    throw new Error('TEST_CHROMIUM is not set: run the tests with `bun run test <path>`')
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-browser-'))
  const child = Bun.spawn([program, ...flags, `--user-data-dir=${folder}`, 'about:blank'], {
    stdout: 'ignore',
    stderr: 'ignore',
  })
  const end = async (): Promise<void> => {
    child.kill('SIGKILL')
    await child.exited
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const devTools = await connectDevTools(await addressIn(folder))
    const close = async (): Promise<void> => {
      devTools.close()
      await end()
    }
    return { open: (options) => openPage(devTools, options), close }
  } catch (error) {
    await end()
    throw error
  }
}

/** Where the browser listens, which it writes down in its folder: a port, and the path of the address. */
const addressIn = (folder: string): Promise<string> =>
  until('the browser listens', () => {
    const file = join(folder, 'DevToolsActivePort')
    const [port, path] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    return path === undefined || path === '' ? undefined : `ws://127.0.0.1:${port}${path}`
  })

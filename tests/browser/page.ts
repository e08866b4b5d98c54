// A page of a browser, as a person uses it and as its developer tools see it.
import { until } from '../stack/until.ts'
import type { DevTools, Told } from './dev-tools.ts'

export interface Page extends AsyncDisposable {
  /** Opens an address; resolves when the page that it leads to has loaded. */
  goTo(url: string): Promise<void>
  /** What a script on the page comes to; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>
  /** Types into the field that a selector finds. */
  type(selector: string, text: string): Promise<void>
  /** Clicks what a selector finds, with the mouse; resolves when the page that this leads to has loaded. */
  follow(selector: string): Promise<void>
  /** Every cookie of the pages here by name, those that scripts do not see as well. */
  cookies(): Promise<ReadonlyMap<string, string>>
  /** The addresses of all that was asked for. */
  readonly requests: readonly string[]
  /** Errors of scripts, and what the browser has refused or warns of. */
  readonly complaints: readonly string[]
}

export interface PageOptions {
  /** What the browser says its reader likes best, such as `fr`. */
  readonly language?: string
}

/** Opens an empty page that shares nothing with others: no cookies, no cache. */
export const openPage = async (devTools: DevTools, { language }: PageOptions = {}): Promise<Page> => {
  const { browserContextId } = await devTools.send('Target.createBrowserContext')
  const { targetId } = await devTools.send('Target.createTarget', { url: 'about:blank', browserContextId })
  const { sessionId } = await devTools.send('Target.attachToTarget', { targetId, flatten: true })
  const tell = (method: string, params?: Told) => devTools.send(method, params, String(sessionId))
  const seen = { loads: 0, requests: new Array<string>(), complaints: new Array<string>() }
  devTools.hear(String(sessionId), (method, params) => note(seen, method, params))
  await Promise.all(['Page', 'Runtime', 'Network', 'Log'].map((domain) => tell(`${domain}.enable`)))
  if (language !== undefined) {
    const { userAgent } = await devTools.send('Browser.getVersion')
    await tell('Emulation.setUserAgentOverride', { userAgent, acceptLanguage: language })
  }

  const evaluate = (expression: string) => valueOf(tell, expression)
  const loading = async (leave: () => Promise<unknown>): Promise<void> => {
    const { loads } = seen
    await leave()
    await until('the next page has loaded', () => (seen.loads > loads ? true : undefined))
  }
  return {
    goTo: (url) =>
      loading(async () => {
        const { errorText } = await tell('Page.navigate', { url })
        if (errorText !== undefined) throw new Error(`${url}: ${JSON.stringify(errorText)}`)
      }),
    evaluate,
    type: async (selector, text) => {
      await evaluate(`document.querySelector(${JSON.stringify(selector)}).focus()`)
      await tell('Input.insertText', { text })
    },
    follow: (selector) => loading(() => click(tell, selector)),
    cookies: async () => {
      const { cookies } = (await tell('Network.getCookies')) as { cookies: { name: string; value: string }[] }
      return new Map(cookies.map(({ name, value }) => [name, value]))
    },
    requests: seen.requests,
    complaints: seen.complaints,
    [Symbol.asyncDispose]: async () => {
      await devTools.send('Target.disposeBrowserContext', { browserContextId })
    },
  }
}

type Tell = (method: string, params?: Told) => Promise<Told>

interface Seen {
  loads: number
  readonly requests: string[]
  readonly complaints: string[]
}

const note = (seen: Seen, method: string, params: Told): void => {
  if (method === 'Page.loadEventFired') seen.loads += 1
  if (method === 'Network.requestWillBeSent') {
    seen.requests.push((params['request'] as { url: string }).url)
  }
  if (method === 'Runtime.exceptionThrown') seen.complaints.push(JSON.stringify(params['exceptionDetails']))
  if (method === 'Log.entryAdded') {
    const { level, text, url = '' } = params['entry'] as { level: string; text: string; url?: string }
    if (level === 'error' || level === 'warning') seen.complaints.push(`${text} ${url}`.trim())
  }
}

const valueOf = async (tell: Tell, expression: string): Promise<unknown> => {
  const told = await tell('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
  const { result, exceptionDetails } = told as { result: { value?: unknown }; exceptionDetails?: unknown }
  if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails).slice(0, 2_000))
  return result.value
}

const click = async (tell: Tell, selector: string): Promise<void> => {
  const place = await valueOf(
    tell,
    `(() => {
       const found = document.querySelector(${JSON.stringify(selector)})
       found.scrollIntoView({ block: 'center', behavior: 'instant' })
       const { x, y, width, height } = found.getBoundingClientRect()
       return { x: x + width / 2, y: y + height / 2 }
     })()`,
  )
  const press = { ...(place as { x: number; y: number }), button: 'left', clickCount: 1 }
  await tell('Input.dispatchMouseEvent', { type: 'mousePressed', ...press })
  await tell('Input.dispatchMouseEvent', { type: 'mouseReleased', ...press })
}

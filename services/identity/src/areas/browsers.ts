import { closeBrowserSession } from '../procedures/close-browser-session.ts'
import { openBrowserSession } from '../procedures/open-browser-session.ts'
import { resolveSession } from '../procedures/resolve-session.ts'

export const browsersArea = { openBrowserSession, resolveSession, closeBrowserSession }

import { closeBrowserSession } from '../procedures/close-browser-session.ts'
import { finishProviderSignIn } from '../procedures/finish-provider-sign-in.ts'
import { listSignInProviders } from '../procedures/list-sign-in-providers.ts'
import { openBrowserSession } from '../procedures/open-browser-session.ts'
import { resolveSession } from '../procedures/resolve-session.ts'
import { startProviderSignIn } from '../procedures/start-provider-sign-in.ts'

export const browsersArea = {
  openBrowserSession,
  resolveSession,
  closeBrowserSession,
  listSignInProviders,
  startProviderSignIn,
  finishProviderSignIn,
}

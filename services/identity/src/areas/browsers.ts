import { closeBrowserSession } from '../procedures/close-browser-session.ts'
import { continueProviderSignIn } from '../procedures/continue-provider-sign-in.ts'
import { finishProviderSignIn } from '../procedures/finish-provider-sign-in.ts'
import { listProviderLinks } from '../procedures/list-provider-links.ts'
import { listSignInProviders } from '../procedures/list-sign-in-providers.ts'
import { openBrowserSession } from '../procedures/open-browser-session.ts'
import { removeProviderLink } from '../procedures/remove-provider-link.ts'
import { resolveSession } from '../procedures/resolve-session.ts'
import { startProviderLink } from '../procedures/start-provider-link.ts'
import { startProviderProof } from '../procedures/start-provider-proof.ts'
import { startProviderSignIn } from '../procedures/start-provider-sign-in.ts'

export const browsersArea = {
  openBrowserSession,
  resolveSession,
  closeBrowserSession,
  listSignInProviders,
  startProviderSignIn,
  continueProviderSignIn,
  finishProviderSignIn,
  listProviderLinks,
  startProviderLink,
  removeProviderLink,
  startProviderProof,
}

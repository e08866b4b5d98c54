// The same client for a page.
import { runLinks } from './run-links.mjs'

globalThis.runLinks = runLinks

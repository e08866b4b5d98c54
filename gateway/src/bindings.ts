/** What the server hands to each request. */
import type { Server } from 'bun'

export interface HttpBindings {
  server: Server<undefined>
}

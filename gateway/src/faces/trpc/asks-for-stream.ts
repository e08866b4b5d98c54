/** What answers of this face depend on: the same address may be told as lines, as one text, or be refused. */
export const variesBy = 'accept, trpc-accept'

/** Whether a client reads a batch's answers from JSON lines, as tRPC decides it: httpBatchStreamLink says so in either header. */
export const asksForStream = (headers: Headers): boolean =>
  `${headers.get('trpc-accept')},${headers.get('accept')}`.includes('application/jsonl')

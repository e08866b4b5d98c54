/** Whether a client reads a batch's answers from JSON lines, as tRPC decides it: httpBatchStreamLink says so in either header. */
export const asksForStream = (headers: Headers): boolean =>
  `${headers.get('trpc-accept')},${headers.get('accept')}`.includes('application/jsonl')

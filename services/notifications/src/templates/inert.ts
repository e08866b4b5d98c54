/**
 * What somebody has typed, as it may stand in quotes in a letter of the shop's: it cannot end the quotes and go on in the
 * shop's voice, and mail programs make no link of it.
 */
export const inert = (typed: string): string =>
  typed
    // One form of each sign: a wide full stop or quotation mark is as good as a narrow one.
    .normalize('NFKC')
    .replace(/[\p{Cf}\u2028\u2029]/gu, '')
    .replace(/["„‚〝〞〟「」『』❝❞\p{Pi}\p{Pf}]/gu, '’')
    // After these, addresses of the web and of mail go on without a space.
    .replace(/(?<=[.。:@])(?=\S)/gu, ' ')

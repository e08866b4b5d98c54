/** The shop's own abbreviations, spelled out. Each is a whole word, or what stands before a number. */
const spelledOut: readonly (readonly [RegExp, string])[] = [
  [/\b(SET|S)\s*\/\s*(?=\d)/g, 'SET OF '],
  [/\b(SET|PACK) OF(?=\d)/g, '$1 OF '],
  [/\bSET(?=\d)/g, 'SET OF '],
  [/\bPACK\s*\/\s*(?=\d)/g, 'PACK OF '],
  [/\bT[ -]LIGHT/g, 'TEALIGHT'],
  [/\bHLDR\b/g, 'HOLDER'],
  [/\bC\/COVER\b/g, 'CUSHION COVER'],
  [/\bB'FLY\b/g, 'BUTTERFLY'],
  [/\bP'WEIGHT\b/g, 'PAPERWEIGHT'],
  [/\bB'DRAW\b/g, 'DRAWER'],
  [/\bNECKLAC?E?\b$/g, 'NECKLACE'],
  [/\bASS(?:T|TD|ORT)?\.? COL(?:OUR)?S?\b/g, 'ASSORTED COLOUR'],
  [/\bASST?D?\b/g, 'ASSORTED'],
  [/\bXMAS\b/g, 'CHRISTMAS'],
  [/\bRND\b/g, 'ROUND'],
  [/\bLGE?\b/g, 'LARGE'],
  [/\bW\b\/?(?= )/g, 'WITH'],
  [/\bARTIIFCIAL\b/g, 'ARTIFICIAL'],
  [/\bCINAMMON\b/g, 'CINNAMON'],
]

const small = new Set([
  'a',
  'an',
  'and',
  'at',
  'by',
  'du',
  'for',
  'from',
  'in',
  'of',
  'on',
  'or',
  'the',
  'to',
  'with',
])
const capitals = new Set([
  '3D',
  'ABC',
  'CD',
  'DIY',
  'LED',
  'TV',
  'UK',
  'USA',
  'USB',
  'VIP',
  'WC',
  'D.O.F.',
  'M.O.P',
])

/** A stock description, which is all capitals, as people would write it: title case, abbreviations spelled out. */
export const readableName = (description: string): string => {
  let text = description
    .toUpperCase()
    .replace(/\s*([,;])\s*/g, '$1 ')
    .replace(/\s*\+\s*/g, ' & ')
    .replace(/^[*\s.]+|[,.\s]+$/g, '')
  for (const [short, long] of spelledOut) text = text.replace(short, long)
  const words = text.split(/\s+/).filter((word) => word !== '')
  return words
    .map((word, index) => (index > 0 && small.has(word.toLowerCase()) ? word.toLowerCase() : titled(word)))
    .join(' ')
}

/** Capitals at the start of a word and of its parts; a unit of measure after a number stays small. */
const titled = (word: string): string => {
  if (capitals.has(word)) return word
  if (/^\d/.test(word)) return word.toLowerCase()
  return word
    .toLowerCase()
    .replace(/(^|[-/("&.!])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
}

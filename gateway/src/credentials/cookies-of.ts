/** The values of every cookie of a name: a browser may send several, of several paths and hosts. */
export const cookiesOf = (headers: Headers, wanted: string): string[] => {
  const all = headers.get('cookie')
  if (all === null || !all.includes(wanted)) return []
  return all.split(';').flatMap((pair) => {
    const [key = '', ...value] = pair.split('=')
    return key.trim() === wanted ? [value.join('=').trim()] : []
  })
}

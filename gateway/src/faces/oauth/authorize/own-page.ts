/** Whether a form was sent from a page of ours: any page can make a browser send one. */

/** `own` is where browsers find us; without it the host that they ask for is believed. */
export const isFromOwnPage = ({ url, headers }: Request, own: string | undefined): boolean => {
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  const origin = headers.get('origin')
  if (origin === null || !URL.canParse(origin)) return false
  return own === undefined ? new URL(origin).host === new URL(url).host : origin === own
}

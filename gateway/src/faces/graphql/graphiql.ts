/** GraphiQL, a page to write queries on. It holds everything it needs and asks nobody but this gateway. */

/** Anything the page might ask of others is refused by the browser. */
const policy =
  "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; " +
  "style-src 'unsafe-inline'; img-src data:; font-src data:"

/** Several megabytes, so they are loaded when somebody looks. No credential is in it: people write their own. */
export const graphiqlPage = async (): Promise<Response> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const page = renderGraphiQL({ title: 'Comptoir', endpoint: '/graphql', credentials: 'omit' })
  return new Response(page, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  })
}

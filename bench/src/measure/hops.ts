/** How often each procedure has run, as the services' own metrics count it. */
export type ProcedureCounts = ReadonlyMap<string, number>

export const countProcedures = async (serviceUrls: Iterable<string>): Promise<ProcedureCounts> => {
  const texts = await Promise.all([...serviceUrls].map(async (url) => (await fetch(`${url}/metrics`)).text()))
  const counts = new Map<string, number>()
  for (const [, procedure = '', calls] of texts.join('\n').matchAll(sample)) {
    counts.set(procedure, (counts.get(procedure) ?? 0) + Number(calls))
  }
  return counts
}

const sample = /^comptoir_procedure_duration\w*_count\{[^}]*procedure="([^"]+)"[^}]*\} (\d+)/gm

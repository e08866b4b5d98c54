/** What a service can suffer from. A paused one is stopped by its process, from outside. */
export const sicknesses = ['killed', 'paused', 'slow', 'garbage'] as const
export type Sickness = (typeof sicknesses)[number] | 'none'

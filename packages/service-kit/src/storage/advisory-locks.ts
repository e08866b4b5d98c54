/** Numbers of the kit's advisory locks, in a space of their own so that a service's locks cannot collide with them. */

export const locks = { space: 0x636f_6d70, relay: 1, migrate: 2, template: 3, redaction: 4 } as const

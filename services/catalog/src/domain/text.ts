/** Free text as PostgreSQL can hold it: everything but the character NUL. */
export const storable = (text: string): string => text.replaceAll('\0', '')

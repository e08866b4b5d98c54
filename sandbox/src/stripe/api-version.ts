// The newest version the official SDK pins; an event is rendered in it, a call in the version its header asks for.
export const apiVersion = '2026-10-28.endive'

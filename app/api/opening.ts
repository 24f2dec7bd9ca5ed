/** What a problem says of an opening: when it is, and when to ask again. */
export function untilOpening({ opensAt, inMs }: { opensAt: Date; inMs: number }) {
  return { members: { opensAt }, retryAfterSeconds: Math.max(1, Math.ceil(inMs / 1_000)) };
}

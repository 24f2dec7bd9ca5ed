/** What the bench can run, in the order in which it does. */
export const WORKLOADS = [
  { name: "hot", level: "domain", says: "one competition, 200 at once, four people a seat" },
  { name: "hot-keys", level: "domain", says: "the same with an idempotency key on every request" },
  { name: "sold-out", level: "domain", says: "refusals after the last seat has gone" },
  { name: "spread", level: "domain", says: "two hundred competitions at once" },
  { name: "twice", level: "domain", says: "every request sent twice at the same moment" },
  { name: "lone", level: "domain", says: "one registration after the other" },
  { name: "curve", level: "domain", says: "throughput and p99 against how many come at once" },
] as const;

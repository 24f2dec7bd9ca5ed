interface Listed {
  name: string;
  says: string;
  /** Also with a delay to Postgres and Redis, where that tells something. */
  delayed?: boolean;
  /** Needs the built web application. */
  http?: boolean;
}

/** What the bench can run, in the order in which it does. */
export const WORKLOADS: readonly Listed[] = [
  { name: "hot", says: "one competition, 200 at once, four people a seat", delayed: true },
  { name: "hot-keys", says: "the same with an idempotency key on every request" },
  { name: "sold-out", says: "refusals after the last seat has gone", delayed: true },
  { name: "spread", says: "two hundred competitions at once", delayed: true },
  { name: "twice", says: "every request sent twice at the same moment" },
  { name: "lone", says: "one registration after the other", delayed: true },
  { name: "curve", says: "throughput and p99 against how many come at once" },
  { name: "http-hot", says: "the hot competition over HTTP", http: true },
  { name: "http-sold-out", says: "refusals over HTTP, and what HTTP alone costs", http: true },
  { name: "http-lone", says: "one registration after the other over HTTP", http: true },
  { name: "processes", says: "one, two and four web processes", http: true },
  { name: "logins", says: "registrations while a hundred log in", http: true },
  { name: "pages", says: "the list and a competition's page", http: true },
];

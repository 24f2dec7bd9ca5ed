/**
 * What a request costs, in points: about what it takes of a process, of Postgres or of Redis at
 * most, in quarters of a millisecond. Paid before the work begins (app/web/budget.ts).
 */
export const POINTS = {
  /** An answer without work. Logging out must work whatever somebody did before. */
  free: 0,
  /** One number, which every open page asks for every five seconds. */
  glance: 1,
  /** One thing by its id, or a form. */
  read: 4,
  /** A change of a few rows. */
  write: 10,
  /** Many rows, found and sorted. */
  list: 20,
  /** A password: most of it in threads that have a queue of their own. */
  password: 20,
  /** Up to 100,000 rows: a competition's seats, or its participants. */
  heavy: 50,
} as const;

/** A class of cost; a registration has limits of its own, wide enough for a rush. */
export type Cost = keyof typeof POINTS | "registration";

/** Whether a request may begin, and if not, for how long its sender should stay away. */
export type Spent = { status: "allowed" } | { status: "rate_limited"; retryAfterSeconds: number };

/** What a page costs, by the methods that it answers. */
export interface PageCost {
  read: Cost;
  /** Where the page has an action. */
  write?: Cost;
  /** Whether that action's form is shown again when it is refused, with what was typed. */
  form?: "kept";
  /** Whether the page is much the same for everybody: see app/web/kept-pages.ts. */
  isKept?: true;
}

/**
 * Every page, by the name of its folder in `app/routes`. Without its line here the server does not
 * start. The frame around pages (`root`) is part of each.
 */
export const PAGE_COSTS: Record<string, PageCost> = {
  _index: { read: "read", isKept: true },
  $: { read: "read", write: "read" },
  // Each of its endpoints pays for itself.
  "api.$": { read: "free", write: "free" },
  "calendar.$secret[.ics]": { read: "list" },
  competitions: { read: "list", isKept: true },
  "competitions_.$id": { read: "read", write: "registration", form: "kept", isKept: true },
  "competitions_.$id_.cancel": { read: "read", write: "heavy", form: "kept" },
  "competitions_.$id_.clone": { read: "free", write: "write" },
  "competitions_.$id_.close": { read: "free", write: "write" },
  "competitions_.$id_.delete": { read: "read", write: "heavy" },
  "competitions_.$id_.edit": { read: "read", write: "heavy", form: "kept" },
  "competitions_.$id_.event[.ics]": { read: "read" },
  "competitions_.$id_.participants": { read: "heavy", write: "heavy", form: "kept" },
  "competitions_.$id_.participants[.csv]": { read: "heavy" },
  "competitions_.$id_.participants_.print": { read: "heavy" },
  "competitions_.$id_.place": { read: "read" },
  "competitions_.$id_.publish": { read: "free", write: "heavy" },
  "competitions_.$id_.seats": { read: "glance" },
  "competitions_.new": { read: "read", write: "heavy", form: "kept" },
  "c.$slug": { read: "read" },
  "covers.$id[.png]": { read: "read" },
  login: { read: "read", write: "password", form: "kept" },
  logout: { read: "free", write: "free" },
  mailbox: { read: "list" },
  "mailbox_.$id": { read: "read" },
  "mailbox_.print": { read: "heavy" },
  "my-competitions": { read: "list" },
  "my-competitions_.print": { read: "heavy" },
  "my-registrations": { read: "list" },
  "my-registrations_.calendar": { read: "read", write: "write" },
  "my-registrations_.print": { read: "heavy" },
  "organizers.$id": { read: "list", isKept: true },
  signup: { read: "read", write: "password", form: "kept" },
  "verify-email": { read: "read", write: "write" },
};

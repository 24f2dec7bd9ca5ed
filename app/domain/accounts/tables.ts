import { defineEntity, type InferEntity, p } from "@mikro-orm/core";

export const User = defineEntity({
  name: "User",
  tableName: "user",
  properties: {
    id: p.uuid().primary(),
    email: p.string().length(254).unique("user_email_unique"),
    passwordHash: p.string().length(100).hidden(),
    name: p.string().length(100),
    role: p.enum(["PARTICIPANT", "ORGANIZER"]),
    /**
     * When somebody proved that the address is theirs; null until then. The default is for people who
     * signed up before that was asked, or with a release that does not ask: they count as verified.
     */
    verifiedAt: p.datetime(3).nullable().defaultRaw("now()"),
    createdAt: p.datetime(3).defaultRaw("now()"),
    updatedAt: p.datetime(3).defaultRaw("now()"),
  },
  checks: [{ name: "user_email_lower_check", expression: "email = lower(email)" }],
  indexes: [
    {
      name: "user_organizer_index",
      expression: `create index "user_organizer_index" on "user" ("id") where role = 'ORGANIZER'`,
    },
  ],
});

export type User = InferEntity<typeof User>;

/** A signed-in browser. The cookie holds its id; deleting the row ends the session. */
export const Session = defineEntity({
  name: "Session",
  tableName: "session",
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).ref().deleteRule("cascade").index("session_user_index"),
    createdAt: p.datetime(3).defaultRaw("now()"),
    expiresAt: p.datetime(3).index("session_expires_index"),
  },
});

export type Session = InferEntity<typeof Session>;

/**
 * What a link in a mail opens, once. The link holds 32 random bytes, of which only the SHA-256 is
 * here; beside it the mail has a code to type.
 */
export const AccountToken = defineEntity({
  name: "AccountToken",
  tableName: "account_token",
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).ref().deleteRule("cascade").index("account_token_user_index"),
    purpose: p.enum(["verify_email"]),
    hash: p.string().length(64).unique("account_token_hash_unique"),
    codeHash: p.string().length(64),
    /** How many wrong codes were typed while it was open. */
    attempts: p.integer().default(0),
    /** The address that it proves: no other, should the account's change. */
    email: p.string().length(254),
    createdAt: p.datetime(3).defaultRaw("now()"),
    expiresAt: p.datetime(3).index("account_token_expires_index"),
    usedAt: p.datetime(3).nullable(),
  },
});

export type AccountToken = InferEntity<typeof AccountToken>;

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
    createdAt: p.datetime(3).defaultRaw("now()"),
    updatedAt: p.datetime(3).defaultRaw("now()"),
  },
  checks: [{ name: "user_email_lower_check", expression: "email = lower(email)" }],
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

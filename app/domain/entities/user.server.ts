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

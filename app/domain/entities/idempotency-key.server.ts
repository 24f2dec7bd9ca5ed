import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { User } from "./user.server";

/** A final answer under a client's key, kept for 24 hours and replayed byte for byte. */
export const IdempotencyKey = defineEntity({
  name: "IdempotencyKey",
  tableName: "idempotency_key",
  properties: {
    user: () => p.manyToOne(User).ref().primary().deleteRule("cascade").index(false),
    /** What the key was used on: the competition's id. */
    scope: p.uuid().primary(),
    key: p.string().length(255).primary(),
    fingerprint: p.string().length(64),
    registrationId: p.uuid(),
    status: p.smallint(),
    body: p.text(),
    createdAt: p.datetime(3).defaultRaw("now()"),
  },
  indexes: [
    { name: "idempotency_key_created_index", properties: ["createdAt"] },
    { name: "idempotency_key_scope_index", properties: ["scope"] },
  ],
});

export type IdempotencyKey = InferEntity<typeof IdempotencyKey>;

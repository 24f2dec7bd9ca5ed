import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { User } from "./user.server";

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

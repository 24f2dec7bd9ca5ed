import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { User } from "./user.server";

/** The mail a user was sent, as they read it at `/mailbox`. */
export const Mail = defineEntity({
  name: "Mail",
  tableName: "mail_box",
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).ref().deleteRule("cascade").index(false),
    to: p.string().length(254),
    subject: p.string().length(300),
    body: p.text(),
    html: p.text(),
    sentAt: p.datetime(3).defaultRaw("now()"),
    jobId: p.string().length(100).nullable(),
    dedupeKey: p.string().length(200).unique("mail_box_dedupe_key_unique"),
  },
  indexes: [{ name: "mail_box_newest_index", properties: ["user", "sentAt", "id"] }],
});

export type Mail = InferEntity<typeof Mail>;

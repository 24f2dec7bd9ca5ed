import type { DeliveryState } from "~/domain/mail/index.server";
import * as mail from "../../worker/ops/mail";
import { type Answer, done, refused } from "../cli.ts";
import { table } from "../table.ts";

/** `ops mail list` */
export async function listMail(options: { state?: DeliveryState }): Promise<Answer> {
  const { data, head, rows } = await mail.listMail(options);
  return done(data, rows.length === 0 ? "No mail." : table(head, rows));
}

/** `ops mail replay ID` */
export async function replayMail(_options: object, id: string): Promise<Answer> {
  const { status, sentence } = await mail.replayMail(id);
  return status === "replayed" ? done({ status }, sentence) : refused(status, sentence);
}

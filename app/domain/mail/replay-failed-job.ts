import { isUuid } from "~/platform/ids";
import { database, inTransaction } from "~/platform/orm";
import { mailJobSchema } from "./mail-queue";

export type Replay =
  | { status: "replayed" }
  /** Its mail left in the meantime, or there never was one: nothing will be sent. */
  | { status: "nothing_to_send" }
  | { status: "already_replayed" }
  | { status: "not_found" };

/** Puts a dead letter's mail back into the outbox; the relay hands it over under a new job id. */
export async function replayFailedJob({ id }: { id: string }): Promise<Replay> {
  if (!isUuid(id)) return { status: "not_found" };
  return inTransaction(async (em) => {
    const [failed]: { job_data: unknown; replayed: boolean }[] = await em.execute(
      `select job_data, replayed_at is not null as replayed from failed_job
        where id = ? for update`,
      [id],
    );
    if (!failed) return { status: "not_found" };
    if (failed.replayed) return { status: "already_replayed" };
    await em.execute("update failed_job set replayed_at = now() where id = ?", [id]);
    const mail = mailJobSchema.safeParse(failed.job_data);
    if (!mail.success) return { status: "nothing_to_send" };
    const revived: unknown[] = await em.execute(
      `update outbox set dead_at = null, enqueued_at = null
        where id = ?::bigint and done_at is null and dead_at is not null returning id`,
      [mail.data.outboxId],
    );
    return { status: revived.length > 0 ? "replayed" : "nothing_to_send" };
  });
}

/** Replays every dead letter that nobody has replayed, however many there are. */
export async function replayAllFailedJobs(): Promise<{ replayed: number }> {
  let replayed = 0;
  for (;;) {
    const rows: { id: string }[] = await database().execute(
      "select id from failed_job where replayed_at is null order by failed_at, id limit 200",
    );
    if (rows.length === 0) return { replayed };
    for (const { id } of rows) {
      if ((await replayFailedJob({ id })).status === "replayed") replayed++;
    }
  }
}

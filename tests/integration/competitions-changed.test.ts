import { afterAll, describe, expect, test } from "vitest";
import {
  cancelCompetition,
  editCompetition,
  findCompetition,
  tellChanges,
} from "~/domain/competitions/index.server";
import { deliverMail } from "~/domain/mail/index.server";
import { inItsZone, lockCompetition } from "~/domain/registration/index.server";
import { database, inTransaction } from "~/platform/orm";
import { COMPOSERS } from "../../worker/composers";
import { later, mailOf } from "../support/competition-life";
import { closeEverything, type Person } from "../support/fixtures";
import { mailTo, mustJoin, openFull } from "../support/line";

afterAll(closeEverything);

describe("a change of time", () => {
  /** As if all that people and their organizer did were so long ago. */
  async function letPass(competitionId: string, minutes: number) {
    for (const [table, ...times] of [
      ["competition_change", "noted_at", "changed_at", "told_at"],
      ["registration", "registered_at", "updated_at"],
      ["mail_box", "sent_at"],
    ]) {
      const earlier = times.map((time) => `${time} = ${time} - interval '${minutes} minutes'`);
      const whose = table === "mail_box" ? "true" : `competition_id = '${competitionId}'`;
      await database().execute(`update ${table} set ${earlier.join(", ")} where ${whose}`);
    }
    await tellChanges();
  }

  async function seatAndLine() {
    const { competitionId: id, organizer: actor, seated, people } = await openFull();
    const [holder = people[0]] = seated;
    for (const user of [people[0], people[2]]) await mustJoin(user, id);
    // An hour ago, and by Redis' clock, which is ahead, in an hour.
    await database().execute(
      `update registration set registered_at = registered_at + interval '1 hour',
         updated_at = updated_at - interval '1 hour' where competition_id = ?`,
      [id],
    );
    const starts = (hours: number) =>
      editCompetition({ actor, id, changes: { startDate: later(hours) } });
    const changed = async (user: Person) =>
      (await mailTo(user, id)).filter((kind) => kind === "competition_changed").length;
    return {
      id,
      actor,
      holder,
      waiting: people[0],
      late: people[1],
      last: people[2],
      starts,
      changed,
    };
  }

  test("reaches everybody once, whatever was saved in between", async () => {
    const { id, holder, waiting, starts, changed } = await seatAndLine();
    await starts(100);
    await starts(120);
    await tellChanges();
    expect(await changed(holder)).toBe(0);
    // Thousands are told while others register.
    await inTransaction(async (em) => {
      await lockCompetition(em, { competitionId: id, mode: "shared" });
      await letPass(id, 1);
    });
    await letPass(id, 0);
    expect([await changed(holder), await changed(waiting)]).toEqual([1, 1]);
    const mail = await mailOf(waiting, id, "registration.competition_changed");
    expect(mail?.subject).toBe("Changed: Test competition");
    expect(mail?.text).toMatch(/Starts: +\w{3} .* UTC\nStarts before: +\w{3} .* UTC\n/);
  });

  test("is announced every few minutes at most", async () => {
    const { id, holder, starts, changed } = await seatAndLine();
    await starts(100);
    await letPass(id, 1);
    await starts(110);
    await letPass(id, 1);
    expect(await changed(holder)).toBe(1);
    await starts(120);
    await letPass(id, 5);
    expect(await changed(holder)).toBe(2);
  });

  test("is no news if it was undone, or if nothing that matters was changed", async () => {
    const { id, actor, holder, starts, changed } = await seatAndLine();
    const was = await findCompetition({ id });
    await starts(100);
    await editCompetition({ actor, id, changes: { startDate: was?.startDate ?? null } });
    await editCompetition({ actor, id, changes: { title: "Another title" } });
    await letPass(id, 1);
    expect(await changed(holder)).toBe(0);
    expect(await database().execute("select 1 from competition_change")).not.toContainEqual(
      expect.objectContaining({ competition_id: id }),
    );
  });

  test("that was changed back is news to who came in between: how it is now", async () => {
    const { id, actor, holder, waiting, late, last, starts, changed } = await seatAndLine();
    const was = await findCompetition({ id });
    await starts(100);
    await mustJoin(late, id);
    // Whose mail was late read the start of this moment in it.
    const [{ outboxId = "" } = {}] = await database().execute<{ outboxId: string }[]>(
      `select o.id::text as "outboxId" from outbox o join registration r
         on o.dedupe_key = 'joined:' || r.id where r.user_id = ? and r.competition_id = ?`,
      [last.id, id],
    );
    await deliverMail({ outboxId, jobId: "a-job", composers: COMPOSERS });
    // Who waited gets a seat, and by mail the start of this moment.
    const edit = (changes: object) => editCompetition({ actor, id, changes });
    await edit({ capacity: 2 });
    await edit({ startDate: was?.startDate ?? null });
    await letPass(id, 1);
    expect(await Promise.all([holder, waiting, late, last].map(changed))).toEqual([0, 1, 1, 1]);
    const mail = await mailOf(late, id, "registration.competition_changed");
    const start = inItsZone(was?.startDate ?? new Date(0), "UTC");
    expect(mail?.text).toMatch(new RegExp(`Starts: +${start}\n\n`));
  });

  test("is no news to people who came after it, nor to anybody once it is cancelled", async () => {
    const { id, actor, holder, late, starts, changed } = await seatAndLine();
    await starts(100);
    await mustJoin(late, id);
    await letPass(id, 1);
    expect([await changed(holder), await changed(late)]).toEqual([1, 0]);
    await starts(110);
    await cancelCompetition({ actor, id });
    await letPass(id, 10);
    expect(await changed(holder)).toBe(1);
  });
});

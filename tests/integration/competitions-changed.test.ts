import { afterAll, describe, expect, test } from "vitest";
import {
  cancelCompetition,
  editCompetition,
  findCompetition,
  tellChanges,
} from "~/domain/competitions/index.server";
import { lockCompetition } from "~/domain/registration/index.server";
import { database, inTransaction } from "~/platform/orm";
import { later, mailOf } from "../support/competition-life";
import { closeEverything, type Person } from "../support/fixtures";
import { mailTo, mustJoin, openFull } from "../support/line";

afterAll(closeEverything);

describe("a change of time", () => {
  /** As if the last change, and what people were told before it, were so long ago. */
  async function letPass(competitionId: string, minutes: number) {
    await database().execute(
      `update competition_change set changed_at = changed_at - make_interval(mins => ?),
         told_at = told_at - make_interval(mins => ?) where competition_id = ?`,
      [minutes, minutes, competitionId],
    );
    await tellChanges();
  }

  async function seatAndLine() {
    const { competitionId: id, organizer: actor, seated, people } = await openFull();
    const [holder = people[0]] = seated;
    await mustJoin(people[0], id);
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
    return { id, actor, holder, waiting: people[0], late: people[1], starts, changed };
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

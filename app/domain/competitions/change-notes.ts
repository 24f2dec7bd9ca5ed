import { randomUUID } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import {
  isHeardBetweenSql,
  lockCompetition,
  orderChangeMail,
} from "~/domain/registration/index.server";
import { eachInTurn } from "~/platform/each-in-turn";
import { database, inTransaction } from "~/platform/orm";
import type { CompetitionChanges } from "./competitions.schema";
import { TAKES_PLACE_SQL } from "./conditions.sql";

/** What people are told of when it changes: the field, and its column. */
const TOLD: Record<string, string> = {
  startDate: "start_date",
  endsAt: "ends_at",
  location: "location",
};

/** Organizers correct themselves: people are told once nothing has changed for this long. Seconds. */
const QUIET_S = 5;
/** After people were told, further changes are gathered for this long. Minutes. */
const APART_MIN = 5;
/** Changes that people were told of are kept as long as a dead letter about them may be replayed. Days. */
const KEPT_DAYS = 90;

/** SQL for what people are told of a competition `c`, as JSON by column. */
const NOW_SQL = `jsonb_build_object(${Object.values(TOLD)
  .map((column) => `'${column}', to_jsonb(c) -> '${column}'`)
  .join(", ")})`;

/**
 * Notes in the edit's transaction, before it changes time or place, what people know: `tellChanges`
 * tells them what became of it.
 */
export async function noteChange(
  em: EntityManager,
  edit: { competitionId: string; changes: CompetitionChanges },
): Promise<void> {
  const changed = Object.entries(edit.changes).filter(([, value]) => value !== undefined);
  if (!changed.some(([field]) => field in TOLD)) return;
  await em.execute(NOTE, [randomUUID(), edit.competitionId]);
}

const NOTE = `
insert into competition_change (id, competition_id, was)
select ?::uuid, c.id, ${NOW_SQL} from competition c where c.id = ? and ${TAKES_PLACE_SQL}
on conflict (competition_id) where told_at is null do update set changed_at = clock_timestamp()`;

/**
 * Orders the mail about changes of time and place: at once, but for a moment in which the organizer may
 * correct themselves, and then every few minutes at most. What was changed and changed back is no news, but to
 * those who came, or were sent mail, in between.
 */
export async function tellChanges(): Promise<{ told: number }> {
  const due: { id: string; competitionId: string }[] = await database().execute(DUE, [
    QUIET_S,
    APART_MIN,
  ]);
  await eachInTurn(due, tell);
  return { told: due.length };
}

const DUE = `
select n.id, n.competition_id as "competitionId" from competition_change n
where n.told_at is null and n.changed_at < now() - make_interval(secs => ?) and not exists (
  select from competition_change t
  where t.competition_id = n.competition_id and t.told_at > now() - make_interval(mins => ?))
order by n.changed_at limit 20`;

/** One transaction: the change counts as told exactly when its mail is ordered. */
function tell({ id, competitionId }: { id: string; competitionId: string }): Promise<void> {
  return inTransaction(async (em) => {
    // Under the lock no edit changes it, and nobody can move from one list of people to the other unseen.
    // Those who register meanwhile have come after the change.
    await lockCompetition(em, { competitionId, mode: "shared" });
    const [told] = await em.execute<Told[]>(TELL, [id]);
    if (!told) {
      await em.execute("delete from competition_change where id = ? and told_at is null", [id]);
    } else if (told.news) {
      await orderChangeMail(em, { id, competitionId, from: told.from, to: told.to });
    }
  });
}

/** Whether it is news: to those who came before `to`, and have heard of it since `from`. */
interface Told {
  news: boolean;
  from: string;
  to: string;
}

/** People hear of a cancellation by other mail; what they knew of the competition stays noted. */
const TELL = `
update competition_change n
set becomes = case when ${TAKES_PLACE_SQL} then ${NOW_SQL} end, told_at = clock_timestamp()
from competition c
where n.id = ? and n.told_at is null and c.id = n.competition_id
  and (n.was <> ${NOW_SQL}
    or ${isHeardBetweenSql({ competitionId: "c.id", from: "n.noted_at", to: "n.changed_at" })})
returning n.becomes is not null as news, n.changed_at as "to",
  case when n.was = ${NOW_SQL} then n.noted_at else '-infinity' end as "from"`;

/** Forgets changes that people were told of long ago. */
export async function forgetToldChanges(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from competition_change where id in (
       select id from competition_change
        where told_at < now() - make_interval(days => ?) limit 1000)
     returning 1`,
    [KEPT_DAYS],
  );
  return { forgotten: rows.length };
}

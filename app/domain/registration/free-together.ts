import { orderMailSql } from "~/domain/mail/index.server";
import { inBatches } from "~/platform/batch";
import { failpoint } from "~/platform/failpoint";
import { dropKept } from "~/platform/kept";
import { BY_INDEX_SQL, database, type Statement } from "~/platform/orm";
import { isUnknownCommit, troubleOf } from "~/platform/postgres-error";
import { type PromotedRow, promoteFreedStatement, toPromoted } from "./line/promote";
import { lockNumberSql } from "./lock";
import { settleSeats } from "./seats/settle";
import { transactionInOneTrip } from "./transaction";

/** Whose seat, or place in line, is given up. */
export interface Own {
  competitionId: string;
  userId: string;
  /** Where they have the other, nothing is. */
  only?: "seat" | "place" | undefined;
}

/** In a cancelled competition nothing is given back: everybody keeps what they had, for the record. */
export type NotFreed = { status: "not_found" | "deadline_passed" | "competition_cancelled" };

/** What somebody has in a competition, and whether they may give it up. */
export async function findOwn(own: Own): Promise<{ status: "found" } | NotFreed> {
  const { competitionId, userId, only = null } = own;
  const [row]: OwnRow[] = await database().execute(FIND, [competitionId, userId, only, only]);
  return judge(row);
}

/**
 * Gives up a seat or a place in line, together with everybody who does so in the same competition at the
 * same moment: one wait for its lock, one commit, one round trip. Freed seats go to the first in line
 * before anybody else can have them, and Redis is told.
 *
 * @throws UnknownCommit when COMMIT was not answered; any other error means rolled back
 */
export const freeWithOthers = inBatches<Own, { status: "cancelled" } | NotFreed>({
  keyOf: ({ competitionId }) => competitionId,
  most: 64,
  // Only one transaction at a time can hold the lock.
  inFlight: 1,
  blame(error) {
    if (isUnknownCommit(error)) return "batch";
    const trouble = troubleOf(error);
    return trouble === "away" ? "everyone" : trouble === "constraint" ? "one" : "batch";
  },
  run: freeTogether,
});

async function freeTogether(leaving: Own[], competitionId: string) {
  const [, found, got] = (await transactionInOneTrip(statementsFor(leaving, competitionId))) as [
    unknown,
    FreedRow[],
    PromotedRow[],
  ];
  const outcomes = new Map(found.map((row) => [row.turn, judge(row)]));
  const isFreed = ({ turn }: FreedRow) => outcomes.get(turn)?.status === "found";
  // Nobody who gave their seat back may see a page, a moment later, that still shows it as theirs.
  dropKept();
  await failpoint("cancel-after-commit");
  await settleSeats({
    competitionId,
    left: found.filter(isFreed).map((row) => ({ userId: row.user_id, registrationId: row.id })),
    promoted: toPromoted(got),
  });
  return leaving.map((_, turn) => {
    const outcome = outcomes.get(turn) ?? NOT_FOUND;
    return outcome.status === "found" ? { status: "cancelled" as const } : outcome;
  });
}

function statementsFor(leaving: Own[], competitionId: string): Statement[] {
  const asked = leaving.map(({ userId, only }, turn) => ({ turn, user_id: userId, what: only }));
  return [
    { sql: LOCK, parameters: [competitionId, `{${competitionId}}`] },
    { sql: FREE, parameters: [JSON.stringify(asked)] },
    promoteFreedStatement(competitionId),
  ];
}

interface OwnRow {
  called_off: boolean;
  too_late: boolean;
}

interface FreedRow extends OwnRow {
  id: string;
  user_id: string;
  turn: number;
}

function judge(row: OwnRow | undefined): { status: "found" } | NotFreed {
  if (!row) return NOT_FOUND;
  if (row.called_off) return { status: "competition_cancelled" };
  if (row.too_late) return { status: "deadline_passed" };
  return { status: "found" };
}

const NOT_FOUND = { status: "not_found" } as const;

/** By the clock, not by the transaction's start: it may have waited for the lock while the deadline moved. */
const MAY_GO = `c.cancelled_at is not null as called_off,
    c.reg_deadline <= clock_timestamp()
      and (r.seat_no is not null or coalesce(c.start_date <= clock_timestamp(), false)) as too_late`;
const OWNED = `registration r join competition c on c.id = r.competition_id
    and c.deleted_at is null and r.status <> 'CANCELLED'`;
const isForSql = (what: string) =>
  `(${what}::text is null or (${what} = 'seat') = (r.seat_no is not null))`;

const FIND = `
select ${MAY_GO} from ${OWNED} where c.id = ? and r.user_id = ? and ${isForSql("?")}`;

/** The next statements read what this one sets: if BEGIN failed, it is not set and they fail, too. */
const LOCK = `
select pg_advisory_xact_lock(${lockNumberSql("?")}), ${BY_INDEX_SQL},
  set_config('registration.locked', ?, true), set_config('registration.freed', '{}', true)`;

/** Two requests of one person have one thing to give up: the first that may, does. */
const FREE = `
with asked as (
  select * from json_to_recordset(?::json) as i(turn int, user_id uuid, what text)
), found as (
  select distinct on (r.id) i.turn, r.id, r.user_id, r.seat_no, ${MAY_GO}
  from ${OWNED} join asked i on i.user_id = r.user_id
  where c.id = any(current_setting('registration.locked')::uuid[]) and ${isForSql("i.what")}
  order by r.id, i.turn
), freed as (
  update registration r set status = 'CANCELLED', seat_no = null, updated_at = now()
  from found f where r.id = f.id and not f.called_off and not f.too_late
  returning r.id
), told as (
  ${orderMailSql({
    kind: "registration.given_back",
    dedupeKey: "'given-back:' || id",
    payload: { registrationId: "id", seatNo: "seat_no::text" },
    from: "found join freed using (id)",
  })} where seat_no is not null
  on conflict (dedupe_key) do nothing
)
select turn, id, user_id, called_off, too_late, (
  select set_config('registration.freed', coalesce(array_agg(seat_no), '{}')::text, true)
  from found join freed using (id) where seat_no is not null) as seats
from found`;

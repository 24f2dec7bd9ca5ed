import { type Actor, requireRoleFor } from "~/domain/access";
import { database } from "~/platform/orm";
import { type ListPage, orderSql, placeOf, type Sort } from "../paging";
import { hasWordsSql, plainSql, searching, wordsOf } from "../searching";
import { findPlaceInLine, placeInWords } from "./line/place";

/** A seat of the participant's own, or a place in line, as their list shows it. */
export interface OwnSeat {
  id: string;
  /** Null for a place in line. */
  seatNo: number | null;
  /** Where they stand in line, as "12th"; null for a seat. */
  place: string | null;
  registeredAt: Date;
  competition: { id: string; title: string; startDate: Date | null; timeZone: string };
}

/** By what participants sort their seats. One whose competition has no start comes after all others. */
export type OwnSeatOrder = "registered" | "title" | "start";

/**
 * A numbered page of a participant's own seats and places in line; those of deleted competitions are left out.
 * They are counted and sorted anew each time: one person has few.
 *
 * @param q words that the title must have, in any order, whatever their case and accents
 * @throws DomainError `forbidden` for anybody else; `unavailable` when a search takes too long
 */
export async function browseOwnRegistrations(asked: {
  actor: Actor;
  page: number;
  perPage: number;
  q?: string;
  sort?: Sort<OwnSeatOrder>;
}): Promise<ListPage<OwnSeat>> {
  const { actor, page, perPage, q = "", sort = { by: "registered", descending: true } } = asked;
  requireRoleFor({ actor, action: "list own registrations" });
  const words = wordsOf(q);
  const from = `from registration r join competition c on c.id = r.competition_id
     where r.user_id = ? and r.status <> 'CANCELLED' and c.deleted_at is null
     ${hasWordsSql(plainSql("c.title"), words)}`;
  const parameters = [actor.id, ...words];
  const read = async (em = database()) => {
    const [counted]: { total: number }[] = await em.execute(
      `select count(*)::int as total ${from}`,
      parameters,
    );
    const { shown, skip } = placeOf({ page, perPage, total: counted?.total ?? 0 });
    const rows: OwnSeatRow[] = await em.execute(
      `select r.id, r.seat_no, r.line_no, r.registered_at, c.id as competition_id, c.title, c.start_date,
         c.time_zone
       ${from} ${orderSql(ORDER_BY[sort.by], "r.id", sort.descending)} limit ? offset ?`,
      [...parameters, perPage, skip],
    );
    return { ...shown, rows };
  };
  const { rows, ...shown } = await (words.length > 0 ? searching(read) : read());
  return { ...shown, items: await Promise.all(rows.map((row) => toSeat(row, actor.id))) };
}

const ORDER_BY: Record<OwnSeatOrder, string> = {
  registered: "r.registered_at",
  title: 'c.title collate "root_order"',
  start: "coalesce(c.start_date, 'infinity')",
};

interface OwnSeatRow {
  id: string;
  seat_no: number | null;
  line_no: number;
  registered_at: string;
  competition_id: string;
  title: string;
  start_date: string | null;
  time_zone: string;
}

async function toSeat(row: OwnSeatRow, userId: string): Promise<OwnSeat> {
  const { id, seat_no, line_no, registered_at, competition_id, title, start_date } = row;
  const own = { competitionId: competition_id, userId, registrationId: id, lineNo: line_no };
  const startDate = start_date === null ? null : new Date(start_date);
  return {
    id,
    seatNo: seat_no,
    place: seat_no === null ? placeInWords(await findPlaceInLine(own)) : null,
    registeredAt: new Date(registered_at),
    competition: { id: competition_id, title, startDate, timeZone: row.time_zone },
  };
}

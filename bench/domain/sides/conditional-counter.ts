import { randomUUID } from "node:crypto";
import { statement, withRawClient } from "../rival-database";
import { countRivalRegistrations, openRivalCompetition } from "../rival-tables";
import { findByKey, sqlStateOf, TAKEN } from "./in-one-transaction";
import type { Side } from "./side";

/**
 * A counter on the competition, raised while it is below the capacity, and the insert, in one
 * prepared statement: the fastest correct way that Postgres has on its own. Plain SQL; a key is only
 * looked up where the insert meets an earlier one.
 */
export const conditionalCounter: Side = {
  name: "counter",
  open: openRivalCompetition,
  countStored: countRivalRegistrations,

  register: ({ user, competitionId, key }) =>
    withRawClient(async (client) => {
      const registrationId = randomUUID();
      const values = [registrationId, user.id, competitionId, key ?? null];
      try {
        const { rows } = await client.query(statement("counter", TAKE_AND_INSERT, values));
        return rows.length > 0 ? { ending: "registered", registrationId } : { ending: "full" };
      } catch (error) {
        if (sqlStateOf(error) !== TAKEN) throw error;
        const earlier = key && (await findByKey(client, key));
        return earlier ? { ending: "registered", registrationId: earlier } : { ending: "other" };
      }
    }),
};

const TAKE_AND_INSERT = `
with seat as (
  update rival.competition set taken = taken + 1
  where id = $3 and taken < capacity and reg_deadline > now() returning id
)
insert into rival.registration (id, user_id, competition_id, idempotency_key)
select $1, $2, id, $4 from seat returning id`;

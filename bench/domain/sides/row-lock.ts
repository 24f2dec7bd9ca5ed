import { withRawClient } from "../rival-database";
import { countRivalRegistrations, openRivalCompetition } from "../rival-tables";
import { countThenInsert, findByKey, sqlStateOf, TAKEN } from "./in-one-transaction";
import type { Side } from "./side";

/** `SELECT … FOR UPDATE` on the competition, count, insert: correct, one at a time. Plain SQL. */
export const rowLock: Side = {
  name: "row-lock",
  open: openRivalCompetition,
  countStored: countRivalRegistrations,

  register: (request) =>
    withRawClient(async (client) => {
      const earlier = request.key && (await findByKey(client, request.key));
      if (earlier) return { ending: "registered", registrationId: earlier };
      try {
        return await countThenInsert(client, request, { begin: "begin", lock: "for update" });
      } catch (error) {
        if (sqlStateOf(error) === TAKEN) return { ending: "other" };
        throw error;
      }
    }),
};

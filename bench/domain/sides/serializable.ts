import { withRawClient } from "../rival-database";
import { countRivalRegistrations, openRivalCompetition } from "../rival-tables";
import { countThenInsert, findByKey, sqlStateOf, TAKEN, TRY_AGAIN } from "./in-one-transaction";
import type { Side } from "./side";

const MOST_TRIES = 50;

/** Count, then insert, at SERIALIZABLE, tried again when Postgres finds no order. Plain SQL. */
export const serializable: Side = {
  name: "serializable",
  open: openRivalCompetition,
  countStored: countRivalRegistrations,

  register: (request) =>
    withRawClient(async (client) => {
      const earlier = request.key && (await findByKey(client, request.key));
      if (earlier) return { ending: "registered", registrationId: earlier };
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        try {
          const begin = "begin isolation level serializable";
          return await countThenInsert(client, request, { begin, lock: "" });
        } catch (error) {
          const state = sqlStateOf(error) ?? "";
          if (state === TAKEN) return { ending: "other" };
          if (!TRY_AGAIN.has(state)) throw error;
        }
      }
      return { ending: "other" };
    }),
};

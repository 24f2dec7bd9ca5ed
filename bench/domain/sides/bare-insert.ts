import { randomUUID } from "node:crypto";
import { statement, withRawClient } from "../rival-database";
import { countRivalRegistrations, openRivalCompetition } from "../rival-tables";
import type { Side } from "./side";

/** One prepared insert, that checks nothing: the least a registration can cost. A limit, not a rival. */
export const bareInsert: Side = {
  name: "bare-insert",
  open: openRivalCompetition,
  countStored: countRivalRegistrations,

  register: ({ user, competitionId, key }) =>
    withRawClient(async (client) => {
      const registrationId = randomUUID();
      await client.query(
        statement("bare insert", INSERT, [registrationId, user.id, competitionId, key ?? null]),
      );
      return { ending: "registered", registrationId };
    }),
};

const INSERT = `insert into rival.registration (id, user_id, competition_id, idempotency_key)
values ($1, $2, $3, $4)`;

import { runScript, words } from "~/platform/lua";
import { tryRedis } from "~/platform/redis";
import { loadScript, seatKeys } from "./redis";
import { oweSync } from "./sync";

/** People in one call of the script: enough to share its cost, too few to hold Redis up. */
const SETTLED_AT_ONCE = 250;

/** Somebody who gave up a seat, or left the line. */
export interface Left {
  userId: string;
  registrationId: string;
}

/** Somebody in line who got a seat. */
export interface Promoted extends Left {
  seatNo: number;
}

/**
 * Tells Redis who has left and who was promoted, once Postgres has committed it. Losing the message costs
 * only time: the sweep brings Redis up to date.
 */
export async function settleSeats({
  competitionId,
  left = [],
  promoted = [],
}: {
  competitionId: string;
  left?: Left[];
  promoted?: Promoted[];
}): Promise<void> {
  const people = [...left.map((one) => ({ ...one, seatNo: null })), ...promoted];
  for (let from = 0; from < people.length; from += SETTLED_AT_ONCE) {
    const share = people.slice(from, from + SETTLED_AT_ONCE);
    const leaving = share.filter(({ seatNo }) => seatNo === null).length;
    const args = share.flatMap(({ userId, registrationId, seatNo }) =>
      seatNo === null ? [userId, registrationId] : [userId, registrationId, seatNo],
    );
    const keys = Object.values(seatKeys(competitionId));
    const reply = await tryRedis((client) =>
      runScript(client, settleScript, { keys, args: [leaving, ...args] }),
    );
    if (!reply || words(reply).includes("stale")) oweSync(competitionId);
  }
}

const settleScript = loadScript("settle_seats.lua");

import { cancelRegistration, register } from "~/domain/registration/index.server";
import type { Person } from "../../../tests/support/fixtures.ts";
import { openRivalCompetition, withClient } from "../rival-database.ts";
import { openCompetition, product } from "./product.ts";

interface Place {
  competitionId: string;
  user: Person;
}

/** One way of keeping a line. Nobody is ever asked twice. */
export interface LineSide {
  name: string;
  /** Makes a competition whose only seat is this person's. */
  open: (owner: Person) => Promise<string>;
  join: (place: Place) => Promise<boolean>;
  leave: (place: Place) => Promise<boolean>;
}

/** This product: Redis gives the numbers, and a place is counted when somebody looks. */
const productsLine: LineSide = {
  name: "product",
  async open(user) {
    const competitionId = await openCompetition({ capacity: 1, waitlistLimit: 100_000 });
    const { ending } = await product.register({ user, competitionId });
    if (ending !== "registered") throw new Error("the only seat was not given");
    return competitionId;
  },
  join: async (place) => (await register({ ...place, waitlist: true })).status === "waiting",
  leave: async ({ user: actor, competitionId }) =>
    (await cancelRegistration({ actor, competitionId })).status === "cancelled",
};

const open = () => openRivalCompetition({ capacity: 1 });

/** A counter row that gives the numbers, in one prepared statement with the insert. Places are counted. */
const counter: LineSide = {
  name: "counter",
  open,
  join: (place) => changes("number", NUMBER, place),
  leave: (place) => changes("leave", LEAVE, place),
};

/** The highest number and one, under the competition's row lock. Places are counted. */
const highestAndOne: LineSide = {
  name: "max + 1",
  open,
  join: (place) => lockedChanges(place, [["max", HIGHEST_AND_ONE]]),
  leave: (place) => changes("leave", LEAVE, place),
};

/** Places are what is stored: who leaves moves up everybody behind. */
const rewritten: LineSide = {
  name: "rewritten",
  open,
  join: (place) => lockedChanges(place, [["max", HIGHEST_AND_ONE]]),
  leave: (place) => lockedChanges(place, [["leave and move", LEAVE_AND_MOVE]]),
};

export const LINE_SIDES: readonly LineSide[] = [productsLine, counter, highestAndOne, rewritten];

function changes(name: string, text: string, { competitionId, user }: Place): Promise<boolean> {
  return withClient(async (client) => {
    const { rowCount } = await client.query({ name, text, values: [competitionId, user.id] });
    return (rowCount ?? 0) > 0;
  });
}

function lockedChanges(
  { competitionId, user }: Place,
  statements: [name: string, text: string][],
): Promise<boolean> {
  return withClient(async (client) => {
    let changed = 0;
    await client.query("begin");
    await client.query({ name: "lock", text: LOCK, values: [competitionId] });
    for (const [name, text] of statements) {
      const { rowCount } = await client.query({ name, text, values: [competitionId, user.id] });
      changed += rowCount ?? 0;
    }
    await client.query("commit");
    return changed > 0;
  });
}

const NUMBER = `
with numbered as (update rival.competition set taken = taken + 1 where id = $1 returning id, taken)
insert into rival.line (competition_id, user_id, place) select id, $2, taken from numbered`;
const LOCK = "select from rival.competition where id = $1 for update";
const HIGHEST_AND_ONE = `
insert into rival.line (competition_id, user_id, place)
select $1, $2, coalesce(max(place), 0) + 1 from rival.line where competition_id = $1`;
const LEAVE = "delete from rival.line where competition_id = $1 and user_id = $2";
const LEAVE_AND_MOVE = `
with gone as (${LEAVE} returning place)
update rival.line set place = rival.line.place - 1 from gone
 where competition_id = $1 and rival.line.place > gone.place`;

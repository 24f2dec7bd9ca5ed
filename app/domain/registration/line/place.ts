import { ordinal } from "~/platform/ordinal";
import { database } from "~/platform/orm";
import { tryRedis } from "~/platform/redis";
import { seatKeys } from "../seats/redis";

/** Somebody in line. */
export interface InLine {
  competitionId: string;
  userId: string;
  registrationId: string;
  lineNo: number;
}

export interface Place {
  /** 1 for the first in line. */
  place: number;
  /** People who are joining at this moment may not be counted. */
  about: boolean;
}

/** "12th", for people; "about 12th" where that is not certain. */
export function placeInWords({ place, about }: Place): string {
  return about ? `about ${ordinal(place)}` : ordinal(place);
}

/** Where somebody stands in line. */
export async function findPlaceInLine(one: InLine): Promise<Place> {
  const [place] = await findPlacesInLine([one]);
  return place ?? { place: 1, about: true };
}

/**
 * Where people stand in line, each in theirs: one round trip to Redis, and one query for those it does
 * not know. Redis knows best; a rank counts only where it is of this very registration, and not of an
 * earlier place of the same person.
 */
export async function findPlacesInLine(people: InLine[]): Promise<Place[]> {
  if (people.length === 0) return [];
  const seen = await tryRedis((client) =>
    Promise.all(
      people.map(({ competitionId, userId }) => {
        const { waiting, queue } = seatKeys(competitionId);
        return Promise.all([client.hget(waiting, userId), client.zrank(queue, userId)]);
      }),
    ),
  );
  const ranks = people.map(({ registrationId, lineNo }, n) => {
    const [registered, rank] = seen?.[n] ?? [];
    return registered === `${registrationId} ${lineNo}` && typeof rank === "number" ? rank : null;
  });
  const counted = await countBefore(people.filter((_, n) => ranks[n] === null));
  return people.map(({ registrationId }, n) => {
    const rank = ranks[n];
    if (typeof rank === "number") return { place: rank + 1, about: false };
    return { place: Math.max(1, counted.get(registrationId) ?? 1), about: true };
  });
}

/** How many wait in the line of each up to their number, by registration. */
async function countBefore(people: InLine[]): Promise<Map<string, number>> {
  if (people.length === 0) return new Map();
  const rows: { id: string; place: number }[] = await database().execute(
    `select i.id, (select count(*) from registration r where r.competition_id = i.competition_id
         and r.status = 'WAITLISTED' and r.line_no <= i.line_no)::int as place
       from json_to_recordset(?::json) as i(id uuid, competition_id uuid, line_no int)`,
    [
      JSON.stringify(
        people.map(({ registrationId: id, competitionId: competition_id, lineNo: line_no }) => {
          return { id, competition_id, line_no };
        }),
      ),
    ],
  );
  return new Map(rows.map(({ id, place }) => [id, place]));
}

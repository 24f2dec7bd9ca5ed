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

/**
 * Where somebody stands in line. Redis knows best; a rank counts only where it is of this very
 * registration, and not of an earlier place of the same person.
 */
export async function findPlaceInLine(one: InLine): Promise<Place> {
  const { competitionId, userId, registrationId, lineNo } = one;
  const { waiting, queue } = seatKeys(competitionId);
  const seen = await tryRedis((client) =>
    Promise.all([client.hget(waiting, userId), client.zrank(queue, userId)]),
  );
  const [registered, rank] = seen ?? [];
  if (registered === `${registrationId} ${lineNo}` && typeof rank === "number") {
    return { place: rank + 1, about: false };
  }
  const [row]: { place: number }[] = await database().execute(
    `select count(*)::int as place from registration
      where competition_id = ? and status = 'WAITLISTED' and line_no <= ?`,
    [competitionId, lineNo],
  );
  return { place: Math.max(1, row?.place ?? 1), about: true };
}

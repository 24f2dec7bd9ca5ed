import {
  listLine,
  listParticipants,
  type Participant,
  type WaitingPerson,
} from "~/domain/registration/index.server";

/** Reads those who have a seat, a piece at a time, and behind the last of them those in line. */
export function readEverybody(asked: Parameters<typeof listParticipants>[0]) {
  let areSeatsRead = false;
  let after: WaitingPerson | undefined;
  return async (piece: {
    limit: number;
    skip: number;
  }): Promise<(Participant | WaitingPerson)[] | null> => {
    if (!areSeatsRead) {
      const seated = await listParticipants({ ...asked, ...piece });
      areSeatsRead = seated?.length === 0;
      if (!areSeatsRead) return seated;
    }
    const { actor, competitionId, q } = asked;
    const waiting = await listLine({ actor, competitionId, q, after, limit: piece.limit });
    after = waiting?.at(-1);
    return waiting;
  };
}

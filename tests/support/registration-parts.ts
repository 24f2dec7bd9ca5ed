import { type Left, settleSeats } from "~/domain/registration/seats/settle";

/** The steps of a registration, which tests take one by one and in any order. */
export { cancelRegistration } from "~/domain/registration/cancel";
export { commitTogether } from "~/domain/registration/commit";
export { mayHaveRedisGap, noteGap } from "~/domain/registration/gaps";
export { isLineOpen } from "~/domain/registration/line/is-open";
export { seeToLine } from "~/domain/registration/line/see-to";
export { register } from "~/domain/registration/register";
export { confirmSeat, confirmSeats } from "~/domain/registration/seats/confirm";
export { findDrift } from "~/domain/registration/seats/drift";
export { seatKeys } from "~/domain/registration/seats/redis";
export { releaseSeat } from "~/domain/registration/seats/release";
export { reserveSeat } from "~/domain/registration/seats/reserve";
export { settleSeats } from "~/domain/registration/seats/settle";
export { sweepSeats } from "~/domain/registration/seats/sweep";
export { oweSync, syncSeats } from "~/domain/registration/seats/sync";
export { decideWithoutRedis, registerWithoutRedis } from "~/domain/registration/without-redis";

/** Frees the seat of somebody while nobody waits for it. */
export function cancelSeat({ competitionId, ...one }: Left & { competitionId: string }) {
  return settleSeats({ competitionId, left: [one] });
}

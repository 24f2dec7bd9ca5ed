/** The steps of a registration, which tests take one by one and in any order. */
export { cancelRegistration } from "~/domain/registration/cancel";
export { commitTogether } from "~/domain/registration/commit";
export { hasRedisGap, noteGap } from "~/domain/registration/gaps";
export { register } from "~/domain/registration/register";
export { findDrift } from "~/domain/registration/seats/drift";
export { seatKeys } from "~/domain/registration/seats/redis";
export { reserveSeat } from "~/domain/registration/seats/reserve";
export {
  cancelSeat,
  confirmSeat,
  confirmSeats,
  releaseSeat,
} from "~/domain/registration/seats/settle";
export { sweepSeats } from "~/domain/registration/seats/sweep";
export { oweSync, syncSeats } from "~/domain/registration/seats/sync";
export { registerWithoutRedis } from "~/domain/registration/without-redis";

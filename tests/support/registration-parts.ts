/** The steps of a registration, which tests take one by one and in any order. */
export { cancelRegistration } from "~/domain/registration/cancel";
export { commitTogether } from "~/domain/registration/commit";
export { hasRedisGap, noteGap } from "~/domain/registration/gaps";
export { register } from "~/domain/registration/register";
export { confirmSeat, confirmSeats } from "~/domain/registration/seats/confirm";
export { findDrift } from "~/domain/registration/seats/drift";
export { seatKeys } from "~/domain/registration/seats/redis";
export { cancelSeat, releaseSeat } from "~/domain/registration/seats/release";
export { reserveSeat } from "~/domain/registration/seats/reserve";
export { sweepSeats } from "~/domain/registration/seats/sweep";
export { oweSync, syncSeats } from "~/domain/registration/seats/sync";
export { registerWithoutRedis } from "~/domain/registration/without-redis";

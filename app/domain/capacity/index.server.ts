export { countSeats, type SeatCount } from "./count-seats.server";
export { type Drift, findDrift, findLastingDrift } from "./find-drift.server";
export { LOCK_NUMBER_SQL, lockCompetition } from "./lock-competition.server";
export { announced, hasRedisGap, noteRedisGap } from "./redis-gaps.server";
export {
  type Idempotency,
  type Reservation,
  reserveSeat,
  type SeatRequest,
} from "./reserve-seat.server";
export {
  cancelSeat,
  confirmSeat,
  confirmSeats,
  releaseSeat,
  type SettledSeat,
} from "./settle-seat.server";
export { findKnownCompetitions, type Swept, sweepSeats } from "./sweep-seats.server";
export { oweSync, type SyncResult, syncSeats } from "./sync-seats.server";

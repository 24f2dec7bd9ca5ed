export { announced, hasRedisGap, noteRedisGap } from "../gaps";
export { LOCK_NUMBER_SQL, lockCompetition } from "../lock";
export { countSeats, type SeatCount } from "./count";
export { type Drift, findDrift, findLastingDrift } from "./drift";
export {
  type Idempotency,
  type Reservation,
  reserveSeat,
  type SeatRequest,
} from "./reserve";
export {
  cancelSeat,
  confirmSeat,
  confirmSeats,
  releaseSeat,
  type SettledSeat,
} from "./settle";
export { findKnownCompetitions, type Swept, sweepSeats } from "./sweep";
export { oweSync, type SyncResult, syncSeats } from "./sync";

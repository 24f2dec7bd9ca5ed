import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { Competition } from "./competition.server";

/**
 * One row a seat, exactly `capacity` rows a competition: a registration's foreign key to its seat,
 * and the seat's uniqueness among registrations, bound the confirmed ones by capacity whatever
 * Redis, a crash or a bug says.
 */
export const Seat = defineEntity({
  name: "Seat",
  tableName: "seat",
  properties: {
    competition: () => p.manyToOne(Competition).ref().primary().deleteRule("cascade").index(false),
    seatNo: p.integer().primary().autoincrement(false),
  },
  checks: [{ name: "seat_no_check", expression: "seat_no > 0" }],
});

export type Seat = InferEntity<typeof Seat>;

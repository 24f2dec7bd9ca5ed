import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { Competition } from "./competition.server";
import { Seat } from "./seat.server";
import { User } from "./user.server";

export const Registration = defineEntity({
  name: "Registration",
  tableName: "registration",
  properties: {
    id: p.uuid().primary(),
    competition: () => p.manyToOne(Competition).ref().deleteRule("restrict").index(false),
    user: () => p.manyToOne(User).ref().deleteRule("restrict").index(false),
    status: p.enum(["CONFIRMED", "WAITLISTED", "CANCELLED"]),
    seatNo: p.integer().nullable(),
    // Shares the competition's column; its foreign key is what bounds registrations by capacity.
    seat: () =>
      p
        .manyToOne(Seat)
        .ref()
        .nullable()
        .joinColumns("competition_id", "seat_no")
        .deleteRule("restrict")
        .index(false),
    registeredAt: p.datetime(3),
    updatedAt: p.datetime(3).defaultRaw("now()"),
  },
  checks: [
    {
      name: "registration_confirmed_has_seat_check",
      expression: "(status = 'CONFIRMED') = (seat_no is not null)",
    },
  ],
  uniques: [{ name: "registration_seat_unique", properties: ["competition", "seatNo"] }],
  indexes: [
    {
      name: "registration_one_active_unique",
      expression: `create unique index "registration_one_active_unique" on "registration" ("competition_id", "user_id") where status <> 'CANCELLED'`,
    },
    { name: "registration_user_index", properties: ["user", "registeredAt"] },
    { name: "registration_updated_index", properties: ["updatedAt"] },
  ],
});

export type Registration = InferEntity<typeof Registration>;

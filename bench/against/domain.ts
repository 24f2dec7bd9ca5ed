import type { Person } from "../../tests/support/fixtures.ts";
import { product } from "../domain/sides/product.ts";
import { drive, valuesOfRush, valuesOfStream } from "../trace.ts";

export interface DomainRush {
  capacity: number;
  /** How many ask once the last seat has gone. */
  refusals: number;
  atOnce: number;
}

/** What the parent sends: the people once, then each rush. */
export interface DomainOrder {
  people?: Person[];
  rush?: DomainRush;
}

let people: Person[] = [];

// A process of its own, bundled with the domain of the version that is measured.
process.on("message", (order: DomainOrder) => {
  people = order.people ?? people;
  if (!order.rush) return;
  sellOut(order.rush).then(
    (values) => process.send?.(values),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));

/** Sells a competition out, then turns people away. */
async function sellOut({
  capacity,
  refusals,
  atOnce,
}: DomainRush): Promise<Record<string, number>> {
  const competitionId = await product.open({ capacity });
  const ask = async (user: Person) => (await product.register({ user, competitionId })).ending;
  const seats = await drive({ items: people.slice(0, capacity), atOnce, ask });
  const late = people.slice(capacity);
  const items = Array.from({ length: refusals }, (_, index) => late[index % late.length] as Person);
  const refused = await drive({ items, atOnce, ask });
  const { seatsPerSecond = Number.NaN, p99Ms = Number.NaN } = valuesOfRush(seats);
  return {
    seatsPerSecond,
    p99Ms,
    refusalsPerSecond: valuesOfStream(refused).perSecond,
    wrong:
      seats.requests.filter(({ ending }) => ending !== "registered").length +
      refused.requests.filter(({ ending }) => ending !== "full").length,
  };
}

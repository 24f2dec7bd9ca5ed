// A process of its own: what an attack costs its maker must not slow down who measures.
import { openLine } from "./ask";
import { ATTACKS } from "./attacks";
import type { Town } from "./town";

/** How often each status was answered; 0 is what was cut off at the end. */
export type Answered = Record<number, number>;

export type Order = { town: Town } | { attack: number } | { stop: true };

let town: Town | undefined;
let running: { stop: () => void; answered: Promise<Answered> } | undefined;

process.on("message", async (order: Order) => {
  if ("town" in order) town = order.town;
  else if ("attack" in order) running = attack(order.attack);
  else {
    running?.stop();
    process.send?.({ answered: await running?.answered });
  }
});
process.on("disconnect", () => process.exit());
process.send?.("ready");

function attack(number: number) {
  const chosen = ATTACKS[number];
  if (!chosen || !town) throw new Error(`there is no attack ${number}`);
  const against = town;
  let isOver = false;
  const answered: Answered = {};
  const line = openLine(against.port);
  const lanes = Array.from({ length: chosen.lanes }, async (_, lane) => {
    while (!isOver) {
      for (const status of await chosen.step(against, lane, line.ask)) {
        answered[status] = (answered[status] ?? 0) + 1;
      }
    }
  });
  const stop = () => {
    isOver = true;
    line.close();
  };
  return { stop, answered: Promise.all(lanes).then(() => answered) };
}

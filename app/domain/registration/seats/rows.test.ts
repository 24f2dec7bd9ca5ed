import { expect, test } from "vitest";
import { whileFewChangeSeats } from "./rows";

/** Work that goes on until it is let go. */
function standingWork(log: string[], name: string) {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const work = async () => {
    log.push(`${name} begins`);
    await finished;
    log.push(`${name} ends`);
    return name;
  };
  return { work, finish };
}

const many = (organizerId = "ada") => ({ seats: 100_000, organizerId });

test("changes of many seats wait for each other, a change of a few seats for none", async () => {
  const log: string[] = [];
  const first = standingWork(log, "first");
  const second = standingWork(log, "second");
  const large = [first, second].map(({ work }) => whileFewChangeSeats(many(), work));
  expect(await whileFewChangeSeats({ ...many(), seats: 500 }, async () => "small")).toBe("small");
  expect(log).toEqual(["first begins"]);
  second.finish();
  first.finish();
  expect(await Promise.all(large)).toEqual(["first", "second"]);
  expect(log).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("somebody who comes when twenty are waiting is asked to come back", async () => {
  const { work, finish } = standingWork([], "one");
  const accepted = Array.from({ length: 21 }, () => whileFewChangeSeats(many(), work));
  await expect(whileFewChangeSeats(many(), work)).rejects.toMatchObject({
    code: "unavailable",
    details: { retryAfterSeconds: 10 },
  });
  finish();
  expect(await Promise.all(accepted)).toHaveLength(21);
});

test("an organizer comes after one change of another one who has twenty waiting", async () => {
  const log: string[] = [];
  const { work, finish } = standingWork(log, "ada's");
  const hers = Array.from({ length: 21 }, () => whileFewChangeSeats(many(), work));
  const his = whileFewChangeSeats(many("ben"), async () => log.push("ben's"));
  finish();
  await his;
  expect(log.slice(0, 5)).toEqual([
    "ada's begins",
    "ada's ends",
    "ada's begins",
    "ada's ends",
    "ben's",
  ]);
  const outcomes = await Promise.allSettled(hers);
  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
});

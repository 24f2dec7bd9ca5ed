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

test("changes of many seats wait for each other, one of a few seats for none", async () => {
  const log: string[] = [];
  const first = standingWork(log, "first");
  const second = standingWork(log, "second");
  const large = [first, second].map(({ work }) => whileFewChangeSeats(100_000, work));
  expect(await whileFewChangeSeats(500, async () => "small")).toBe("small");
  expect(log).toEqual(["first begins"]);
  second.finish();
  first.finish();
  expect(await Promise.all(large)).toEqual(["first", "second"]);
  expect(log).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("who comes when twenty are waiting is asked to come back", async () => {
  const { work, finish } = standingWork([], "one");
  const accepted = Array.from({ length: 21 }, () => whileFewChangeSeats(100_000, work));
  await expect(whileFewChangeSeats(100_000, work)).rejects.toMatchObject({
    code: "unavailable",
    details: { retryAfterSeconds: 10 },
  });
  finish();
  expect(await Promise.all(accepted)).toHaveLength(21);
});

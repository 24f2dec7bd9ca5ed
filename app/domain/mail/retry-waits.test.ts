import { expect, test } from "vitest";
import { waitAfter } from "./retry-waits";

test("mail is tried again after 2, 4 and 8 seconds, then after minutes and hours", () => {
  const waits = Array.from({ length: 11 }, (_, index) => waitAfter(index + 1, () => 0));
  expect(waits).toEqual([2, 4, 8, 60, 300, 900, 3_600, 7_200, 14_400, 14_400, 14_400]);
});

test("mails that failed together are tried apart, once it is about minutes", () => {
  const waits = [3, 4, 9].map((failures) => waitAfter(failures, () => 0.5));
  expect(waits).toEqual([8, 66, 15_840]);
});

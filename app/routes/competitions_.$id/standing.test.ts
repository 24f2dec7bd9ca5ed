import { expect, test } from "vitest";
import { type Standing, titleOf } from "./standing";

const NOTHING: Standing = {
  viewer: "participant",
  seat: null,
  place: null,
  leaving: null,
  idempotencyKey: "",
};

test("the title begins with what the visitor has, and calls nobody in line registered", () => {
  const title = (own: Partial<Standing>) => titleOf({ title: "Chess" }, { ...NOTHING, ...own });
  expect(title({})).toBe("Chess");
  expect(title({ place: "12th" })).toBe("12th in line · Chess");
  expect(title({ place: "about 12th" })).toBe("About 12th in line · Chess");
  expect(title({ seat: { seatNo: 3, since: new Date() } })).toBe("You are registered · Chess");
});

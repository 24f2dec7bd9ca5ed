import { expect, onTestFinished, test, vi } from "vitest";
import { hasFormErrors, markTitle, unmarked, withMarkedTitle } from "./error-title";

test("a document whose form was not taken says so in its title, and only there", () => {
  const page =
    "<head><title>Log in</title></head><p>&lt;title&gt;</p><svg><title>Two</title></svg>";
  expect(withMarkedTitle(page)).toBe(page.replace("Log in", "Error: Log in"));
  expect(unmarked("Error: Log in")).toBe("Log in");
  expect(unmarked("Log in")).toBe("Log in");
});

test("a page in the browser is marked once, however often its form is refused", () => {
  // The document may have come with the mark, for browsers without scripts.
  vi.stubGlobal("document", { title: "Error: Log in" });
  onTestFinished(() => void vi.unstubAllGlobals());
  const unmark = markTitle();
  expect(document.title).toBe("Error: Log in");
  unmark();
  expect(document.title).toBe("Log in");
});

test("errors are found in whatever an action answered", () => {
  expect(hasFormErrors({ route: { values: {}, errors: { "": "No." } } })).toBe(true);
  expect(hasFormErrors({ route: { values: {}, errors: {} } })).toBe(false);
  expect(hasFormErrors({ route: { status: "full" } })).toBe(false);
  expect(hasFormErrors({ route: null })).toBe(false);
  expect(hasFormErrors(null)).toBe(false);
});

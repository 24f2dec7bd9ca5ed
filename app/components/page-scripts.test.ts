import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { yourTimeInHtml } from "./date-time";
import { toZonedInput, yourTime } from "./datetime";
import { afterPaint, PAGE_SCRIPTS } from "./page-scripts";

describe("the zone is reported", () => {
  const clocks = {
    Intl: { DateTimeFormat: () => ({ resolvedOptions: () => ({ timeZone: "Etc/UTC" }) }) },
  };
  const Temporal = { Now: { timeZoneId: () => "Etc/UTC" } };

  test.each([
    ["https:", clocks, "__Host-tz=Etc%2FUTC;path=/;max-age=31536000;samesite=lax;secure"],
    ["http:", clocks, "tz=Etc%2FUTC;path=/;max-age=31536000;samesite=lax"],
    ["http:", { Temporal }, "tz=Etc%2FUTC;path=/;max-age=31536000;samesite=lax"],
  ])("by a page over %s in a browser with %o as %s", (protocol, known, cookie) => {
    const document = { cookie: "" };
    const page = { document, location: { protocol }, self: known, ...known };
    runInNewContext(PAGE_SCRIPTS.reportZone, page);
    expect(document.cookie).toBe(cookie);
  });
});

/** The `Date` of a browser in a zone. */
function dateIn(zone: string) {
  return class {
    readonly #fields: number[];
    readonly #wall: Date;
    readonly #at: Date;
    constructor(at: string) {
      this.#at = new Date(at);
      const wall = toZonedInput(this.#at, zone);
      this.#fields = wall.split(/\D/).map(Number);
      this.#wall = new Date(`${wall}Z`);
    }
    getFullYear = () => this.#fields[0];
    getMonth = () => this.#wall.getUTCMonth();
    getDate = () => this.#fields[2];
    getHours = () => this.#fields[3];
    getMinutes = () => this.#fields[4];
    getDay = () => this.#wall.getUTCDay();
    getTimezoneOffset = () => (this.#at.getTime() - this.#wall.getTime()) / 60_000;
  };
}

/** A place as a page has it: after the time that is shown by the clocks of a zone. */
function placeFor(at: string, zone: string) {
  const place = {
    previousElementSibling: { dateTime: at },
    dataset: { there: toZonedInput(new Date(at), zone) },
    hidden: true,
    innerHTML: "",
    lastChild: {
      prepend(words: string) {
        place.innerHTML = place.innerHTML.replace(/(?<=<span.*?>)/, words);
      },
    },
  };
  return place;
}

const isLeft = ({ dataset }: ReturnType<typeof placeFor>) => "there" in dataset;

describe("the visitor's times", () => {
  const ZONES = ["Europe/Paris", "UTC", "America/New_York", "Asia/Kolkata", "Asia/Tokyo"];
  const TIMES = [
    "2026-12-12T17:00:00.000Z",
    "2027-09-01T00:00:00.000Z",
    "2026-07-01T03:59:00.000Z",
  ];

  test.each([
    ["Europe/Paris", /CES?T/, ["GMT+1", "GMT+2"]],
    ["Europe/London", /GMT|BST/, ["GMT", "GMT+1"]],
    ["America/New_York", /E[SD]T/, ["GMT-5", "GMT-4"]],
    ["Asia/Kolkata", /IST/, ["GMT+5:30"]],
    ["Asia/Tokyo", /GMT\+9/, ["GMT+9"]],
  ])(
    "are told to somebody in %s as React tells them, but for the zone's name",
    (own, name, offsets) => {
      const wanted = TIMES.flatMap((at) => ZONES.map((zone) => ({ at, zone })));
      const places = wanted.map(({ at, zone }) => placeFor(at, zone));
      runInNewContext(PAGE_SCRIPTS.tellYourTimes, {
        document: { readyState: "interactive", querySelectorAll: () => places.filter(isLeft) },
        Date: dateIn(own),
        requestAnimationFrame: (next: () => void) => next(),
        addEventListener: (_: string, next: () => void) => next(),
      });
      const told = places.map(({ hidden, innerHTML }) => (hidden ? null : innerHTML));
      const unnamed = (html: string | null) => html?.replace(/(?<=:\d\d )[\w+:-]+/, "") ?? null;
      const yours = wanted.map(({ at, zone }) => yourTime(new Date(at), zone, own));
      expect(told.map(unnamed)).toEqual(
        yours.map((words) => words && unnamed(yourTimeInHtml(words))),
      );
      const shown = told.filter((html) => html !== null);
      expect(new Set(shown.map((html) => /:\d\d (\S+)/.exec(html)?.[1]))).toEqual(new Set(offsets));
      expect(yours.join()).toMatch(name);
    },
  );
});

/** As Remix writes it. */
const WRITTEN = `
import * as route0 from "/build/root.js";
import * as route1 from "/build/routes/competitions.js";
window.__remixManifest = {
  "imports": ["/build/shared.js"]
};
window.__remixRouteModules = {"root":route0,"routes/competitions":route1};

import("/build/entry.client.js");`;

describe("a page's module", () => {
  test.each([
    ["is seen: once it was painted", false, ["frame", "painted"]],
    ["is in the background: at once", true, []],
  ])("imports what it names where the page %s", async (_, hidden, before) => {
    const done: string[] = [];
    const window: Record<string, unknown> = {};
    const ready = runInNewContext(afterPaint(WRITTEN).replaceAll("import(", "load("), {
      window,
      document: { hidden },
      load: (address: string) => done.push(address) && `module ${address}`,
      requestAnimationFrame: (next: () => void) => done.push("frame") && next(),
      setTimeout: (next: () => void) => done.push("painted") && next(),
    });
    await ready;
    const modules = ["/build/root.js", "/build/routes/competitions.js"];
    expect(done).toEqual([...before, ...modules, "/build/entry.client.js"]);
    expect(window.__remixRouteModules).toEqual({
      root: `module ${modules[0]}`,
      "routes/competitions": `module ${modules[1]}`,
    });
  });

  test.each([
    ["that imports something else, too", `import "/build/reload.js";\n${WRITTEN}`],
    ["that imports something else on the same line", `import "/build/reload.js";${WRITTEN}`],
    ["of a page that was taken over", " "],
  ])("%s is left as it is", (_, code) => {
    expect(afterPaint(code)).toBe(code);
  });
});

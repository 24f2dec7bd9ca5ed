import { expect, test } from "vitest";
import { flameGraph } from "./flame-graph.ts";

const URLS = {
  ours: "file:///srv/build/index.js",
  express: "file:///srv/node_modules/express/lib/router/index.js",
  loading: "node:internal/modules/cjs/loader",
};

const profile = {
  nodes: [
    { id: 1, callFrame: { functionName: "(root)", url: "" }, children: [2, 4, 5] },
    { id: 2, callFrame: { functionName: "handle", url: URLS.express }, children: [3] },
    { id: 3, callFrame: { functionName: "answer<T>", url: URLS.ours } },
    { id: 4, callFrame: { functionName: "(idle)", url: "" } },
    { id: 5, callFrame: { functionName: "require", url: URLS.loading } },
  ],
  samples: [3, 2, 4, 5, 3],
  timeDeltas: [2_000, 1_000, 50_000, 70_000, 1_000],
};

test("a flame graph says what share of the time at work each call took", () => {
  const svg = flameGraph(profile, "A test");
  expect(svg).toContain("<title>A test</title>");
  expect(svg).toContain("<title>handle express/lib/router/index.js: 100.0 %</title>");
  expect(svg).toContain("<title>answer&#60;T&#62; index.js: 75.0 %</title>");
  expect(svg).toMatch(/width="899\.6" height="16" class="o0"/);
});

test("waiting and starting up are not in it", () => {
  const svg = flameGraph(profile, "A test");
  expect(svg).not.toContain("(idle)");
  expect(svg).not.toContain("require");
});

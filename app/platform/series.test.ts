import { Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { metrics } from "./metrics";
import { countedSeries, timedSeries } from "./series";

async function linesOf(name: string): Promise<string[]> {
  return (await metrics().getSingleMetricAsString(`mini_compete_${name}`)).split("\n");
}

test("a series counts however often it is read, and begins with zero", async () => {
  const tea = countedSeries({ name: "cups_total", help: "Cups", labelNames: ["what"] });
  const green = tea({ what: "green" });
  expect(await linesOf("cups_total")).toContain('mini_compete_cups_total{what="green"} 0');
  green.count += 2;
  await linesOf("cups_total");
  green.count++;
  expect(await linesOf("cups_total")).toContain('mini_compete_cups_total{what="green"} 3');
});

test("a module that is loaded again goes on with the series that it made", async () => {
  for (const _load of [1, 2]) {
    const loads = countedSeries({ name: "loads_total", help: "Loads", labelNames: ["what"] });
    loads({ what: "module" }).count++;
  }
  expect(await linesOf("loads_total")).toEqual([
    "# HELP mini_compete_loads_total Loads",
    "# TYPE mini_compete_loads_total counter",
    'mini_compete_loads_total{what="module"} 2',
  ]);
});

test("times are printed as prom-client prints those that it saw itself", async () => {
  const config = { help: "Steeping", labelNames: ["what"], buckets: [0.01, 0.1, 1] };
  const theirs = new Histogram({ ...config, name: "mini_compete_steep_seconds", registers: [] });
  const registry = new Registry();
  registry.registerMetric(theirs);
  const ours = timedSeries({ ...config, name: "steep_seconds" });
  // On each bound, between them, and beyond the last.
  for (const [what, seconds] of [
    ...[0, 0.01, 0.011, 0.1, 0.5, 1, 1.001, 60].map((each) => ["green", each] as const),
    ["black", 0.25] as const,
  ]) {
    theirs.observe({ what }, seconds);
    ours({ what }).observe(seconds);
  }
  const byText = (a: string, b: string) => a.localeCompare(b);
  const expected = await registry.getSingleMetricAsString("mini_compete_steep_seconds");
  const labels = (line: string) => line.replace(/\{(le="[^"]+"),(what="[^"]+")\}/, "{$2,$1}");
  expect((await linesOf("steep_seconds")).sort(byText)).toEqual(
    expected.split("\n").map(labels).sort(byText),
  );
});

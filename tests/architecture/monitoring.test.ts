import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { projectFolder } from "../../scripts/services/places.ts";
import { ALERT_TESTS, ALERTS, QUERIES, RUNBOOKS } from "../support/monitoring";
import { findPromtool } from "../support/promtool";

const alerts = ALERTS.split(/^ +- alert: /m).slice(1);
const nameOf = (alert: string) => alert.slice(0, alert.indexOf("\n"));

test.each(alerts.map((alert) => [nameOf(alert), alert]))("%s has a runbook", (name, alert) => {
  const [, anchor] = /runbook_url: docs\/runbooks\.md#(\S+)$/m.exec(alert) ?? [];
  expect(anchorsOf(RUNBOOKS)).toContain(anchor);
  // Who is looking for what woke them finds its name there.
  expect(RUNBOOKS).toContain(name);
});

test("each runbook says how one notices, what users see, what to do, and when it is over", () => {
  const runbooks = RUNBOOKS.split(/^## /m).slice(1);
  expect(runbooks.length).toBeGreaterThan(8);
  for (const runbook of runbooks) {
    const parts = [...runbook.matchAll(/^- \*\*([^*]+)\.\*\*/gm)].map(([, part]) => part);
    expect(parts, runbook.slice(0, runbook.indexOf("\n"))).toEqual([
      ...["How you notice", "What users see", "What to do now", "How you see that it is over"],
    ]);
  }
});

test("alerts and dashboard ask for outcomes of registrations that there are", () => {
  const counted = readFileSync(join(projectFolder, "app/domain/registration/measured.ts"), "utf8");
  const asked = [ALERTS, ...QUERIES].flatMap((text) =>
    [...text.matchAll(/registration\w+\{outcome=~?"([^"]+)"/g)].flatMap(([, words = ""]) =>
      words.split("|"),
    ),
  );
  expect(asked.length).toBeGreaterThan(4);
  expect(asked.filter((outcome) => !counted.includes(`"${outcome}"`))).toEqual([]);
});

test("each alert has a test in which it must fire, and one in which it must not", () => {
  const tests = ALERT_TESTS.replace(/\{ (.*), (alertname: \w+) \}/g, "- $2");
  for (const name of alerts.map(nameOf)) {
    const told = tests.split("alertname: ").filter((part) => part.startsWith(`${name}\n`));
    expect([...new Set(told.map((part) => /^\w+\n +exp_alerts:/.test(part)))].sort(), name).toEqual(
      [false, true],
    );
  }
});

const promtool = await findPromtool();

// Neither installed nor to be had as a package: Debian's and Ubuntu's is fetched once.
describe.skipIf(promtool === null)("promtool", () => {
  const run = (...args: string[]) =>
    execa(promtool ?? "", args, { cwd: join(projectFolder, "deploy/prometheus"), all: true });

  test("finds the configuration and the rules in order", async () => {
    expect((await run("check", "config", "prometheus.yml")).all).toContain("SUCCESS");
  });

  test("sees every alert fire when it should, and only then", async () => {
    expect((await run("test", "rules", "alerts.test.yml")).all).toContain("SUCCESS");
  });

  test("understands what the dashboard asks", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mini-compete-test-dashboard-"));
    const rules = QUERIES.map((query, index) => ({
      record: `query:${index}`,
      expr: query.replaceAll("$__rate_interval", "1m"),
    }));
    // JSON is YAML.
    writeFileSync(join(folder, "rules.yml"), JSON.stringify({ groups: [{ name: "x", rules }] }));
    const { all } = await run("check", "rules", join(folder, "rules.yml"));
    rmSync(folder, { recursive: true });
    expect(all).toContain(`SUCCESS: ${QUERIES.length} rules found`);
  });
});

/** As a renderer makes anchors of headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../scripts/services/places.ts";

const read = (path: string) => readFileSync(join(projectFolder, path), "utf8");

export const RUNBOOKS = read("docs/runbooks.md");
export const ALERTS = read("deploy/prometheus/alerts.yml");
export const ALERT_TESTS = read("deploy/prometheus/alerts.test.yml");
const dashboard: { panels: { targets: { expr: string }[] }[] } = JSON.parse(
  read("deploy/grafana/dashboard.json"),
);

/** What the dashboard's panels ask Prometheus. */
export const QUERIES = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** The metrics that a text names, without what Prometheus adds to a histogram's name. */
export function metricsNamed(text: string): Set<string> {
  const names = text.match(/\b(?:mini_compete|nodejs|process)_[a-z0-9_]+\b/g) ?? [];
  return new Set(names.map((name) => name.replace(/_(?:bucket|sum|count)$/, "")));
}

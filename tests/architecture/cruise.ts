import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import { importRules } from "./rules";

/** An import that breaks a rule. */
export interface Violation {
  rule: string;
  from: string;
  to: string;
}

/** Reads every import below `app` and `worker`, those of types included, and judges them. */
export async function findViolations(
  root: string,
): Promise<{ files: string[]; violations: Violation[] }> {
  const { output } = await cruise(
    ["app", "worker"],
    {
      baseDir: root,
      ruleSet: { forbidden: importRules(readdirSync(join(root, "app/routes"))) },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: "node_modules" },
      exclude: { path: "\\.test\\.tsx?$" },
      enhancedResolveOptions: { extensions: [".ts", ".tsx", ".mjs", ".css"] },
    },
    { alias: { "~": join(root, "app") } },
  );
  if (typeof output === "string") throw new Error("expected a result, not a report");
  return {
    files: output.modules.map(({ source }) => source),
    violations: output.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
    })),
  };
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { type Answer, done, type Outcome, refused, runCli } from "../../worker/ops/cli.ts";
import { table } from "../../worker/ops/table.ts";
import { projectFolder } from "../services/places.ts";
import { isAllowed } from "./licenses.ts";

/** Runs `npm run sbom` with these arguments, for the project whose lock file is in `project`. */
export function sbomCommand(args: string[], project = projectFolder): Promise<Outcome> {
  return runCli({ name: "npm run sbom --", args }, (program, ends) => {
    program
      .argument("<folder>", "where sbom.cdx.json and licenses.txt go")
      .action(ends((_options: object, folder: string) => writeSbom(resolve(folder), project)));
  });
}

/** Writes what is shipped and under which licenses; refused when one of them is not allowed. */
async function writeSbom(folder: string, project: string): Promise<Answer> {
  const bom = await billOfMaterials(project);
  const shipped = bomSchema.parse(JSON.parse(bom)).components;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "sbom.cdx.json"), `${bom}\n`);
  writeFileSync(join(folder, "licenses.txt"), `${table(["PACKAGE", "LICENSE"], shipped)}\n`);
  const counts = new Map<string, number>();
  for (const [, license] of shipped) counts.set(license, (counts.get(license) ?? 0) + 1);
  const rows = [...counts].map(([license, packages]) => [license, String(packages)]);
  const text = table(["LICENSE", "PACKAGES"], rows, { figures: true });
  const bad = shipped.filter(([name, license]) => !isAllowed(license, name));
  if (bad.length === 0) return done(rows, `${text}\n\n${shipped.length} packages: ${folder}`);
  return refused("not_allowed", `${text}\n\n${table(["NOT ALLOWED", "LICENSE"], bad)}`);
}

const license = z.union([
  z.object({ license: z.object({ id: z.string() }) }).transform((one) => one.license.id),
  z.object({ expression: z.string() }).transform((one) => one.expression),
]);
const bomSchema = z.object({
  components: z.array(
    z
      .object({ "bom-ref": z.string(), licenses: z.tuple([license]).default(["unknown"]) })
      .transform((one): [string, string] => [one["bom-ref"], one.licenses[0]]),
  ),
});
const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })),
});

/**
 * npm's bill of materials (CycloneDX) of what production installs, from a lock file that holds
 * nothing else: `npm sbom --omit dev` also omits what a development package happens to need as
 * well, express and react among it (npm 11.19).
 */
async function billOfMaterials(project: string): Promise<string> {
  const lock = lockSchema.parse(
    JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")),
  );
  const { "": root = {}, ...packages } = lock.packages;
  const { devDependencies: _development, ...production } = root;
  const shipped = Object.entries(packages).filter(([, { dev }]) => !dev);
  const all = { ...lock, packages: { "": production, ...Object.fromEntries(shipped) } };
  const parent = mkdtempSync(join(tmpdir(), "sbom-"));
  // npm names the product after its folder.
  const folder = join(parent, String(production.name));
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify(production));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(all));
    const args = [
      "sbom",
      "--sbom-format=cyclonedx",
      "--sbom-type=application",
      "--package-lock-only",
    ];
    return (await execa("npm", args, { cwd: folder, env: { NODE_ENV: "" } })).stdout;
  } finally {
    rmSync(parent, { recursive: true });
  }
}

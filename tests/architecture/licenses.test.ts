import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { sbomCommand } from "../../scripts/sbom/command";
import { isAllowed } from "../../scripts/sbom/licenses";

const folder = mkdtempSync(join(tmpdir(), "mini-compete-sbom-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["MIT", true],
  ["GPL-3.0-only", false],
  ["unknown", false],
  ["MIT OR GPL-3.0-only", true],
  ["(Apache-2.0 AND MIT)", true],
  ["MIT AND GPL-3.0-only", false],
  ["(MIT OR GPL-3.0-only) AND GPL-2.0-only", false],
  ["(MIT OR GPL-2.0-only) AND (GPL-3.0-only OR ISC)", false],
  ["GPL-2.0-only WITH Classpath-exception-2.0", false],
])("the license %s may be shipped: %s", (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});

test("every package that production installs is in the bill of materials, under an allowed license", async () => {
  const { exitCode, text } = await sbomCommand([folder]);
  expect(text).toMatch(/^MIT +\d{3}$/m);
  expect(exitCode).toBe(0);
  const bom = JSON.parse(readFileSync(join(folder, "sbom.cdx.json"), "utf8"));
  expect(bom).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { name: "mini-compete" } },
  });
  const named = new Set(bom.components.map(({ name }: { name: string }) => name));
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(Object.keys(dependencies).filter((name) => !named.has(name))).toEqual([]);
  expect(named).not.toContain("vitest");
  expect(readFileSync(join(folder, "licenses.txt"), "utf8")).toMatch(/^express@4\S+ +MIT$/m);
});

test("a package under another license is named, and refused where it is shipped", async () => {
  const packages = {
    "": {
      name: "planted",
      version: "1.0.0",
      dependencies: { shipped: "1.0.0" },
      devDependencies: { tool: "1.0.0" },
    },
    "node_modules/shipped": { version: "1.0.0", license: "GPL-3.0-only" },
    "node_modules/tool": { version: "1.0.0", license: "GPL-3.0-only", dev: true },
  };
  const lock = { name: "planted", version: "1.0.0", lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  const { exitCode, text } = await sbomCommand([folder], folder);
  expect(exitCode).toBe(1);
  expect(text).toMatch(/^shipped@1\.0\.0 +GPL-3\.0-only$/m);
  expect(text).not.toContain("tool");
});

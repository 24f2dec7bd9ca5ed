import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What makes MikroORM enter an AsyncLocalStorage. */
const ENTERS = /\.(transactional|flush|findAndCount)\(/;
/** Operators' commands, which run in processes of their own. */
const ALONE = ["app/domain/accounts/roles.ts", "app/platform/migrator.ts"];

test("nothing that a web process runs makes its promises slower (decision 8)", () => {
  const files = readdirSync(`${root}/app`, { recursive: true })
    .map((file) => `app/${String(file).replaceAll("\\", "/")}`)
    .filter((file) => /\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  const entering = files.filter((file) => ENTERS.test(readFileSync(`${root}/${file}`, "utf8")));
  expect(entering.sort()).toEqual(ALONE);
});

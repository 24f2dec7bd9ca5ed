import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readImports } from "./imports";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What makes MikroORM enter an AsyncLocalStorage. */
const ENTERS = /\.(transactional|flush|persistAndFlush|findAndCount)\(/;
/** Operators' commands, in processes of their own. */
const ALONE = ["app/domain/accounts/roles.ts", "app/platform/migrator.ts"];

test("nothing that a web process runs makes its promises slower (decision 8)", () => {
  const files = [...readImports(root, ["app"]).keys()];
  const entering = files.filter((file) => ENTERS.test(readFileSync(`${root}/${file}`, "utf8")));
  expect(entering.sort()).toEqual(ALONE);
});

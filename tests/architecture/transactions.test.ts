import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What makes MikroORM enter an AsyncLocalStorage. */
const ENTERS = /\.(transactional|flush|findAndCount)\(/;
/** Operators' commands, which run in processes of their own. */
const ALONE = ["app/domain/accounts/roles.ts", "app/platform/migrator.ts"];

const WALL_CLOCK = /\bDate\.now\b/;
/** They show a date, compare clocks, or tell another program when. */
const NEED_A_DATE = [
  ...["app/domain/competitions/create.ts", "app/domain/registration/without-redis.ts"],
  ...["app/platform/clock.ts", "app/root.tsx", "app/web/printed-list.tsx"],
  ...["worker/doctor/look-at-postgres.ts", "worker/doctor/look-at-redis.ts"],
  ...["worker/mail-worker.ts", "worker/queue-metrics.ts"],
];

/** The files of folders, without tests, whose text matches. */
function filesWith(text: RegExp, folders: string[]): string[] {
  const files = folders
    .flatMap((folder) =>
      readdirSync(`${root}/${folder}`, { recursive: true }).map((file) => `${folder}/${file}`),
    )
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  return files.filter((file) => text.test(readFileSync(`${root}/${file}`, "utf8"))).sort();
}

test("nothing that a web process runs makes its promises slower (decision 8)", () => {
  expect(filesWith(ENTERS, ["app"])).toEqual(ALONE);
});

test("nothing waits by the wall clock, which somebody may set back by an hour meanwhile", () => {
  expect(filesWith(WALL_CLOCK, ["app", "worker"])).toEqual(NEED_A_DATE);
});

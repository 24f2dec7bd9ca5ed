import { spawn, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { freshWord, openCompetition } from "./support/api";
import { hasCurl } from "./support/curl";
import { siteUrl } from "./support/site-url";

const hasBash = spawnSync("bash", ["--version"]).status === 0;

test.skip(!hasCurl || !hasBash, "There is no curl or no bash on this machine.");

test("the curl examples of docs/api.md work as pasted", async () => {
  const word = freshWord();
  const competition = await openCompetition({ title: `Chess ${word}` });
  const guide = await readFile("docs/api.md", "utf8");
  const pasted = [...guide.matchAll(/^```bash\n(.*?)^```$/gms)]
    .map(([, block]) => block)
    .join("\n");
  expect(pasted).toContain("http://localhost:3000");
  // A reader may use any open competition, but other tests count the seats of theirs.
  expect(pasted).toContain('"$API/competitions"');
  const script = pasted
    .replaceAll("http://localhost:3000", siteUrl("/").replace(/\/$/, ""))
    .replace('"$API/competitions"', `"$API/competitions?q=${word}"`);

  const { code, output } = await runBash(`set -euo pipefail\n${script}`);
  expect(code, output).toBe(0);
  expect(output.match(/HTTP\/1\.1 201/g)).toHaveLength(2);
  expect(output).toMatch(/Idempotent-Replayed: true/i);
  expect(output.match(/HTTP\/1\.1 204/g)).toHaveLength(2);
  expect(output).toContain(`"competitionId":"${competition.id}"`);
  expect(output).toContain('"capacity":60');
  expect(output).not.toContain("problem+json");
});

function runBash(script: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const bash = spawn("bash", ["-c", script], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [bash.stdout, bash.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk) => {
        output += chunk;
      });
    }
    bash.once("error", reject).once("close", (code) => resolve({ code, output }));
  });
}

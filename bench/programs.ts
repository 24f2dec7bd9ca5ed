import { join } from "node:path";
import { build } from "esbuild";

const ENTRIES = {
  workload: "bench/workload-main.ts",
  client: "bench/http/client.ts",
  server: "bench/http/server.ts",
  seedWorker: "bench/system/seed-worker.ts",
  delayProxy: "bench/delay-proxy.ts",
};

/** Paths of the bench's programs, bundled as production's are. */
export type Programs = Record<keyof typeof ENTRIES, string>;

/** Bundles what runs in processes of its own: a loader in between would be measured too. */
export async function buildBenchPrograms(): Promise<Programs> {
  const outdir = join(".cache", "bench");
  await build({
    entryPoints: ENTRIES,
    outdir,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
  const paths = Object.keys(ENTRIES).map((name) => [name, join(outdir, `${name}.js`)]);
  return Object.fromEntries(paths) as Programs;
}

import { writeFileSync } from "node:fs";
import { ensureBuild } from "../../scripts/launcher/build.ts";
import { SETTINGS } from "../play";
import { buildBenchPrograms } from "../programs";
import { createProgress } from "../progress";
import { startServers } from "../servers";
import { flameGraph } from "./flame-graph";

/** What the pictures show, by the name of their load. */
const TITLES = {
  register: "A web process in a rush: 200 people at once, each gets a seat",
  detail: "A web process that serves a competition's page",
};

const progress = createProgress();
await ensureBuild(progress);
const programs = await buildBenchPrograms();
const servers = await startServers(progress);
try {
  Object.assign(process.env, SETTINGS, servers.addresses);
  // The domain reads its settings as it is loaded.
  const { LOADS, record, closeScene } = await import("./record");
  for (const name of ["register", "detail"] as const) {
    progress(`profiling: ${name}`);
    const profile = await record(programs, LOADS[name]);
    writeFileSync(`docs/images/flame-${name}.svg`, flameGraph(profile, TITLES[name]));
  }
  await closeScene();
} finally {
  await servers.stop();
}

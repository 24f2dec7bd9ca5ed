import { type Browser, chromium } from "playwright";
import { findChromium } from "../tests/support/chromium.ts";
import type { Answer } from "../worker/ops/cli.ts";
import { checkOut, makeDatabases } from "./against/version.ts";
import type { PaintComparison } from "./command.ts";
import { startBuilt } from "./http/site.ts";
import { createProgress } from "./progress.ts";
import { beginResults, writeResults } from "./report/results.ts";
import { report } from "./report/tables.ts";
import type { Target } from "./report/targets.ts";
import { migrate, SETTINGS, startServers } from "./servers.ts";

/** A small phone, with its processor this many times as slow as the machine's. */
const PHONE = {
  viewport: { width: 360, height: 780 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
const CPU_RATE = 4;

/** By the end of a side's name. The second is what Lighthouse calls slow 4G. */
const NETWORKS = {
  "": null,
  ", slow 4G": { latency: 150, downloadThroughput: 204_800, uploadThroughput: 96_000 },
};
type Conditions = (typeof NETWORKS)[keyof typeof NETWORKS];

/** The later one counts as slower above this share of the other's time. */
const NOT_LATER = 1.03;

/**
 * Opens the list and a competition's page as somebody does who was never here, on a slow phone: this
 * version's, and another one's in turns with them. Both are built first.
 */
export async function comparePaint({ against, rounds, out }: PaintComparison): Promise<Answer> {
  const progress = createProgress();
  const results = beginResults({ rounds, out });
  const sides = [{ ...(await checkOut(".", progress)), name: "this" }];
  if (against) sides.push(await checkOut(against, progress));
  const servers = await startServers(progress);
  const stops = [servers.stop];
  const startedAtMs = performance.now();
  try {
    const sites = [];
    for (const [index, { name, folder }] of sides.entries()) {
      const addresses = await makeDatabases(servers.addresses, index);
      const env = { ...SETTINGS, ...addresses };
      for (const program of ["build/migrate.js", "build/seed.js"]) {
        await migrate(env, { program: [program], cwd: folder });
      }
      const web = await startBuilt({ folder, program: "server", env });
      stops.push(web.stop);
      sites.push({ name, pages: await furnish(`http://127.0.0.1:${web.port}`) });
    }
    const { executablePath, args, env } = await findChromium();
    const browser = await chromium.launch({ executablePath, args, env });
    stops.push(() => browser.close());
    // The first round warms up. Who comes first has the machine in another state.
    for (let round = 0; round <= rounds; round++, sites.reverse()) {
      progress(`round ${round} of ${rounds}`);
      for (const [network, conditions] of Object.entries(NETWORKS)) {
        for (const workload of ["list", "competition"] as const) {
          for (const { name, pages } of sites) {
            const values = await open(browser, pages[workload], conditions);
            const side = `${name}${network}`;
            if (round < 1) continue;
            results.measures.push({ workload, side, network: "loopback", round, values });
          }
        }
      }
    }
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
  results.seconds = Math.round((performance.now() - startedAtMs) / 1_000);
  const targets = targetsOver(sides[1]?.name);
  writeResults(results, { name: "paint", folder: out, targets });
  return { exitCode: 0, data: results, text: report(results, targets) };
}

/** Competitions beside those of the seed, so that a page of the list is full; by the API, which each version has. */
async function furnish(url: string) {
  const ask = async (path: string, json: object, token?: string) => {
    const headers = {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(json) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { access_token: token } = await ask("/api/auth/signup", {
    name: "Olga Organizer",
    email: "paint@bench.example",
    password: "correct horse 9",
    role: "ORGANIZER",
  });
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
  let id = "";
  for (let day = 1; day <= 25; day++) {
    const competition = {
      title: `Chess by night ${day}`,
      description:
        "Seven rounds, fifteen minutes each.\n\nBring a board, a clock and a friend. ".repeat(6),
      tags: ["chess", "night"],
      capacity: 40,
      regDeadline: inDays(20 + day),
      startDate: inDays(30 + day),
    };
    ({ id } = await ask("/api/competitions", competition, token));
  }
  return { list: `${url}/competitions`, competition: `${url}/competitions/${id}` };
}

async function open(browser: Browser, url: string, conditions: Conditions) {
  const context = await browser.newContext(PHONE);
  try {
    await context.addInitScript(NOTE_WHEN_READY);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_RATE });
    if (conditions) {
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", { offline: false, ...conditions });
    }
    await page.goto(url);
    await page.waitForLoadState("networkidle");
    await page.waitForFunction(() => performance.getEntriesByName("ready").length > 0);
    return await page.evaluate(() => {
      const [paints = [], largest = [], shifts = []] = [
        "paint",
        "largest-contentful-paint",
        "layout-shift",
      ].map((type) => {
        const observer = new PerformanceObserver(() => {});
        observer.observe({ type, buffered: true });
        return observer.takeRecords();
      });
      const first = paints.find(({ name }) => name === "first-contentful-paint");
      const [ready] = performance.getEntriesByName("ready");
      return {
        firstMs: first?.startTime ?? Number.NaN,
        largestMs: largest.at(-1)?.startTime ?? Number.NaN,
        readyMs: ready?.startTime ?? Number.NaN,
        shift: shifts.reduce((sum, one) => sum + ("value" in one ? Number(one.value) : 0), 0),
      };
    });
  } finally {
    await context.close();
  }
}

/** Notes when React has taken the page over. */
const NOTE_WHEN_READY = `const look = setInterval(() => {
  const main = document.querySelector("main");
  if (!main || !Object.keys(main).some((key) => key.startsWith("__reactProps"))) return;
  clearInterval(look);
  performance.mark("ready");
}, 10);`;

function targetsOver(other: string | undefined): Target[] {
  return Object.keys(NETWORKS).flatMap((network) =>
    ["list", "competition"].flatMap((workload): Target[] => {
      const own = { workload, side: `this${network}` };
      const still = { ...own, says: `what shifts${network}`, value: "shift" };
      const soon = { ...own, says: `largest paint${network}`, value: "largestMs" };
      return [
        { ...still, over: "nothing", atMost: 0 },
        ...(other ? [{ ...soon, over: { side: `${other}${network}` }, atMost: NOT_LATER }] : []),
      ];
    }),
  );
}

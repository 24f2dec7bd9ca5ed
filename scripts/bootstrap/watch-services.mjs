import { setTimeout as delay } from "node:timers/promises";

/**
 * Starts our database servers again when they die. Rejects when one cannot be brought back.
 * @param {import("../services/server.mjs").Service[]} services
 * @param {{ log: (line: string) => void, until: Promise<unknown> }} options
 */
export async function watchServices(services, { log, until }) {
  let isOver = false;
  until.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await delay(2000);
    for (const service of services) {
      if (isOver || !service.started || service.isRunning()) continue;
      log(`${service.how}: it died; starting it again`);
      await service.restart();
    }
  }
}

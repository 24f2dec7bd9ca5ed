import { setTimeout as delay } from "node:timers/promises";

/**
 * Starts our database servers again when they die. Rejects when one cannot be brought back.
 * @param {import("../services/server.mjs").Service[]} services
 * @param {{ log: (line: string) => void, isStopping: () => boolean }} options
 * @returns {Promise<never>}
 */
export async function watchServices(services, { log, isStopping }) {
  for (;;) {
    await delay(2000, undefined, { ref: true });
    for (const service of services) {
      if (isStopping() || !service.started || service.isRunning()) continue;
      log(`${service.how}: it died; starting it again`);
      await service.restart();
    }
  }
}

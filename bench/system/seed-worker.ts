import { startSeedWorker } from "./seed-mail.ts";

// A process of its own, as the drawing in the seed's document shows it: kinder to it than its code,
// whose only server process is the backend.
const worker = startSeedWorker();
await worker.waitUntilReady();
process.on("disconnect", () => process.exit(0));
process.once("SIGTERM", () => worker.close().finally(() => process.exit(0)));
process.send?.({ listening: 0 });

import cluster, { type Worker } from "node:cluster";
import { gauge, metrics } from "~/platform/metrics";

/** A scrape must not hang on a process that does not answer. Milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * In a web process that shares its port with others: tells the parent its metrics, when asked. Its series
 * carry the label `process`: a sum would fall when a process is replaced, and look like a counter reset.
 */
export function tellParentMetrics(): void {
  metrics().setDefaultLabels({ process: String(cluster.worker?.id) });
  process.on("message", (message) => {
    if (message !== ASK) return;
    void metrics()
      .metrics()
      .then((text) => process.send?.({ metrics: text }))
      // This process is leaving and its channel is closed: the parent does not wait for it.
      .catch(() => {});
  });
}

/** In the parent: its own metrics, and those of all web processes that answer in time. */
export async function readAllMetrics(workers = webProcesses()): Promise<string> {
  const answers = await Promise.all(workers.map(ask));
  const told = answers.filter((text) => text !== null);
  const processes = gauge({
    name: "web_processes",
    help: "Web processes behind the port, by whether they answered this question in time",
    labelNames: ["answers"],
  });
  processes.set({ answers: "yes" }, told.length);
  processes.set({ answers: "no" }, answers.length - told.length);
  return mergeMetrics([await metrics().metrics(), ...told]);
}

function webProcesses(): Worker[] {
  return Object.values(cluster.workers ?? {}).flatMap((worker) => worker ?? []);
}

const ASK = "metrics?";

/** Its metrics as text; null when it does not answer in time. */
function ask(worker: Worker): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (text: string | null) => {
      clearTimeout(giveUp);
      worker.off("message", listen);
      resolve(text);
    };
    const listen = (message: unknown) => {
      if (isAnswer(message)) settle(message.metrics);
    };
    const giveUp = setTimeout(settle, PATIENCE_MS, null);
    worker.on("message", listen);
    if (!worker.isConnected()) return settle(null);
    worker.send(ASK, (error) => error && settle(null));
  });
}

function isAnswer(message: unknown): message is { metrics: string } {
  return typeof message === "object" && message !== null && "metrics" in message;
}

/**
 * The metrics of several processes as one text: Prometheus wants all series of a metric together, under
 * one description.
 */
export function mergeMetrics(texts: string[]): string {
  const series = new Map<string, string[]>();
  for (const block of texts.flatMap((text) => text.trim().split("\n\n"))) {
    const [help = "", type = "", ...lines] = block.split("\n");
    const known = series.get(`${help}\n${type}`);
    if (known) known.push(...lines);
    else series.set(`${help}\n${type}`, lines);
  }
  const blocks = [...series].map(([head, lines]) => [head, ...lines].join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

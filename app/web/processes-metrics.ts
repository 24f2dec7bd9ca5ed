import cluster, { type Worker } from "node:cluster";
import { gauge, metrics } from "~/platform/metrics";

/** A scrape must not hang on a process that does not answer. Milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * In a web process with others behind the same port: tells the parent what it measures, when asked.
 * Its series carry the label `process`: a sum would fall when one is replaced, and look like a
 * counter that began anew.
 */
export function tellParentMetrics(): void {
  metrics().setDefaultLabels({ process: String(cluster.worker?.id) });
  process.on("message", (message) => {
    if (message !== ASK) return;
    void metrics()
      .metrics()
      .then((text) => process.send?.({ metrics: text }))
      // It leaves, and its channel is closed: the parent does not wait for it.
      .catch(() => {});
  });
}

/** In the parent: what all web processes measure that answer in time, and the parent itself. */
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
 * Texts of several processes as one: Prometheus wants the series of a metric together, under its
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

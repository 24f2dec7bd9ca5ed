import type { Queue } from "bullmq";
import {
  DELIVERY_STATES,
  mailQueue,
  measureDeliveries,
  measureOutbox,
} from "~/domain/mail/index.server";
import { measureLines } from "~/domain/registration/index.server";
import { gauge } from "~/platform/metrics";
import { within } from "~/platform/within";
import { scheduleQueue } from "./reminder-schedule";

/** A scrape must not hang on a server that is away: that is when it is needed most. Milliseconds. */
const PATIENCE_MS = 2_000;

/** Defines what is measured when Prometheus asks. What cannot be measured is left out. */
export function defineQueueMetrics(): void {
  gauge({
    name: "queue_jobs",
    help: "Jobs in the queues, by state",
    labelNames: ["queue", "state"],
    async collect() {
      this.reset();
      for (const queue of [mailQueue(), scheduleQueue()]) {
        const counts = await attempt(() =>
          queue.getJobCounts("waiting", "active", "delayed", "failed", "completed"),
        );
        for (const [state, count] of Object.entries(counts ?? {})) {
          this.set({ queue: queue.name, state }, count);
        }
      }
    },
  });
  gauge({
    name: "queue_oldest_seconds",
    help: "Age of the job that waits longest",
    labelNames: ["queue"],
    async collect() {
      this.reset();
      const age = await attempt(() => oldestSeconds(mailQueue()));
      if (age !== undefined) this.set({ queue: mailQueue().name }, age);
    },
  });
  const measure = shared(measureOutbox);
  gauge({
    name: "outbox_rows",
    help: "Outbox rows whose mail has not left: waiting for the relay, or enqueued",
    labelNames: ["state"],
    async collect() {
      this.reset();
      const measured = await measure();
      if (!measured) return;
      this.set({ state: "waiting" }, measured.waiting);
      this.set({ state: "enqueued" }, measured.enqueued);
    },
  });
  gauge({
    name: "outbox_class_rows",
    help: "The same by class: 0 tells of a seat, 1 goes to a crowd, 2 may come late",
    labelNames: ["class"],
    async collect() {
      this.reset();
      for (const [at, rows] of (await measure())?.classes.entries() ?? []) {
        this.set({ class: String(at) }, rows);
      }
    },
  });
  gauge({
    name: "outbox_oldest_seconds",
    help: "Age of the oldest outbox row whose mail has not left",
    async collect() {
      this.set((await measure())?.oldestSeconds ?? Number.NaN);
    },
  });
  gauge({
    name: "dead_letters",
    help: "Failed jobs that nobody has replayed",
    async collect() {
      this.set((await measure())?.deadLetters ?? Number.NaN);
    },
  });
  defineDeliveryMetrics();
  defineLineMetrics();
}

/** People who wait for a seat, and the seats that are theirs. */
function defineLineMetrics(): void {
  const measure = shared(measureLines);
  gauge({
    name: "line_people",
    help: "People in line for a seat, where registration is open",
    async collect() {
      this.set((await measure())?.waiting ?? Number.NaN);
    },
  });
  gauge({
    name: "line_owed_seats",
    help: "Seats that are free while somebody waits for one; for seconds at most",
    async collect() {
      this.set((await measure())?.owedSeats ?? Number.NaN);
    },
  });
}

/** Mail on its way to the SMTP server. The counter `smtp_attempts_total` tells what was sent. */
function defineDeliveryMetrics(): void {
  const measure = shared(measureDeliveries);
  gauge({
    name: "mail_deliveries",
    help: "Mail that has not left by SMTP, by state",
    labelNames: ["state"],
    async collect() {
      this.reset();
      const { states } = (await measure()) ?? {};
      if (!states) return;
      for (const state of DELIVERY_STATES) {
        if (state !== "sent") this.set({ state }, states[state] ?? 0);
      }
    },
  });
  gauge({
    name: "mail_delivery_oldest_seconds",
    help: "Age of the oldest mail that is queued for SMTP",
    async collect() {
      this.set((await measure())?.oldestSeconds ?? Number.NaN);
    },
  });
}

/** Gauges are asked all at once: one query answers them. */
function shared<T>(work: () => Promise<T>): () => Promise<T | undefined> {
  let running: Promise<T | undefined> | undefined;
  return () => {
    running ??= attempt(work).finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function oldestSeconds(queue: Queue): Promise<number> {
  const [id] = await queue.getRanges(["waiting"], 0, 0, true);
  const job = id ? await queue.getJob(id) : undefined;
  return job ? Math.max(0, (Date.now() - job.timestamp) / 1_000) : 0;
}

async function attempt<T>(measure: () => Promise<T>): Promise<T | undefined> {
  try {
    return await within(PATIENCE_MS, measure());
  } catch {
    return undefined;
  }
}

import type { Worker } from "node:cluster";
import { EventEmitter } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { mergeMetrics, readAllMetrics } from "./processes-metrics";

afterEach(() => vi.useRealTimers());

const block = (name: string, ...lines: string[]) =>
  [`# HELP ${name} About ${name}`, `# TYPE ${name} counter`, ...lines].join("\n");

test("the metrics of several processes become one text, with each metric described once", () => {
  const first = [block("a", 'a{process="1"} 1'), block("b", 'b{process="1"} 2')].join("\n\n");
  const second = [block("b", 'b{process="2"} 3'), block("c", 'c{process="2"} 4')].join("\n\n");
  expect(mergeMetrics([`${first}\n`, `${second}\n`])).toBe(
    `${[
      block("a", 'a{process="1"} 1'),
      block("b", 'b{process="1"} 2', 'b{process="2"} 3'),
      block("c", 'c{process="2"} 4'),
    ].join("\n\n")}\n`,
  );
});

/** A process of the cluster, as its parent sees it. */
function workerThat(answers: (worker: EventEmitter) => void, isConnected = true): Worker {
  const worker = new EventEmitter();
  const send = () => answers(worker);
  return Object.assign(worker, { send, isConnected: () => isConnected }) as unknown as Worker;
}

test("a process that hangs or leaves is given up after two seconds", async () => {
  vi.useFakeTimers();
  const silent = workerThat(() => {});
  const gone = workerThat(() => expect.fail("asked, though it is gone"), false);
  const speaking = workerThat((worker) => {
    worker.emit("message", { listening: 3000 });
    worker.emit("message", { metrics: block("a", "a 1") });
  });
  const reading = readAllMetrics([silent, speaking, gone]);
  await vi.advanceTimersByTimeAsync(2_000);
  const text = await reading;
  expect(text).toContain("\na 1\n");
  expect(text).toContain('\nmini_compete_web_processes{answers="yes"} 1\n');
  expect(text).toContain('\nmini_compete_web_processes{answers="no"} 2\n');
  expect(silent.listenerCount("message")).toBe(0);
});

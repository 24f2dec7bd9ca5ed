import { fork } from "node:child_process";
import type { Measure, Message, Order } from "./measure";
import type { Addresses } from "./network";

/** Beyond its time a workload may take this long: its least is a warm-up and one round. */
const OVERTIME_MS = 120_000;

/** What came of a workload: some of it, and why not all, when it failed. */
export interface Played {
  measures: Measure[];
  failure?: string;
}

/** Runs a workload in a process of its own, and hands on what it measures. */
export async function play({
  program,
  order,
  addresses,
  progress,
}: {
  program: string;
  order: Order;
  addresses: Addresses;
  progress: (text: string) => void;
}): Promise<Played> {
  const measures: Measure[] = [];
  const child = fork(program, [JSON.stringify(order)], {
    execArgv: ["--enable-source-maps", ...(process.env.BENCH_NODE_FLAGS?.split(" ") ?? [])],
    env: { ...process.env, ...addresses, ...SETTINGS },
  });
  let failure: string | undefined;
  child.on("message", (message: Message) => {
    if (message.kind === "measure") measures.push(message.measure);
    else if (message.kind === "failed") failure = message.text;
    else progress(`${order.workload}, ${order.network}: ${message.text}`);
  });
  const giveUp = setTimeout(() => {
    failure = "took too long";
    child.kill("SIGKILL");
  }, order.forMs + OVERTIME_MS);
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  clearTimeout(giveUp);
  if (code !== 0) failure ??= `ended with ${code}`;
  return { measures, failure };
}

/** Nothing of the developer's own settings may change what is measured. */
export const SETTINGS = {
  NODE_ENV: "production" as const,
  LOG_LEVEL: "error",
  RATE_LIMITS: "off",
  REDIS_PREFIX: "bench",
  DATABASE_POOL_MAX: "10",
  SESSION_SECRET: "a-session-secret-of-the-bench-0123456789",
  JWT_SECRET: "a-token-secret-of-the-bench-0123456789",
  SMTP_URL: "",
};

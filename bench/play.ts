import { fork } from "node:child_process";
import type { Measure, Message, Network } from "./measure";
import type { Addresses } from "./network";

/** A workload of the domain level, for its own process. */
export interface Order {
  workload: string;
  quick: boolean;
  rounds: number;
  network: Network;
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
}): Promise<Measure[]> {
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
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (failure || code !== 0) throw new Error(`${order.workload}: ${failure ?? `exit ${code}`}`);
  return measures;
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

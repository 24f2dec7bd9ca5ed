import { connect, createServer, type Server, type Socket } from "node:net";

/** What a bad network does to what passes through it. */
export type Weather =
  | { kind: "fair" }
  /** Every packet takes this much longer, milliseconds. */
  | { kind: "slow"; delayMs: number }
  /** Requests arrive, their answers never do. */
  | { kind: "no replies" }
  /** Nothing arrives, and no error says so. */
  | { kind: "silent" }
  /** Connections are refused. */
  | { kind: "cut" };

export interface TcpProxy {
  port: number;
  /** The same URL, through the proxy. */
  through(url: string): string;
  /** Changes the weather; what was swallowed until then is lost with its connections. */
  set(weather: Weather): void;
  /** Breaks the connections there are, each with the given probability. */
  cut(probability?: number): number;
  stop(): Promise<void>;
}

/** A proxy to a port of this machine, with which tests disturb the network between two programs. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let weather: Weather = { kind: "fair" };
  const server = createServer((client) => {
    if (weather.kind === "cut") return void client.resetAndDestroy();
    const pair = join(client, targetPort, () => weather);
    pairs.add(pair);
    pair.whenOver(() => pairs.delete(pair));
  });
  const port = await listen(server);

  const cut = (probability = 1) => {
    const chosen = [...pairs].filter(() => Math.random() < probability);
    for (const pair of chosen) pair.reset();
    return chosen.length;
  };

  return {
    port,
    through(url) {
      const other = new URL(url);
      other.hostname = "127.0.0.1";
      other.port = String(port);
      return other.href;
    },
    set(next) {
      const loses = weather.kind === "no replies" || weather.kind === "silent";
      weather = next;
      if (loses || next.kind === "cut") cut();
    },
    cut,
    async stop() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Pair {
  reset(): void;
  whenOver(over: () => void): void;
}

function join(client: Socket, targetPort: number, weather: () => Weather): Pair {
  const server = connect({ host: "127.0.0.1", port: targetPort, noDelay: true });
  client.setNoDelay(true);
  client.on("error", () => {});
  server.on("error", () => client.resetAndDestroy());
  carry(client, server, weather, (now) => now.kind === "silent");
  carry(server, client, weather, (now) => now.kind === "silent" || now.kind === "no replies");
  return {
    reset() {
      client.resetAndDestroy();
      server.resetAndDestroy();
    },
    whenOver(over) {
      client.once("close", over);
    },
  };
}

function carry(
  from: Socket,
  to: Socket,
  weather: () => Weather,
  swallows: (weather: Weather) => boolean,
): void {
  // Packets that were slowed down must not be overtaken by those that were not.
  let last: Promise<void> | null = null;
  const after = (delayMs: number, deliver: () => void) => {
    if (!last && delayMs === 0) return deliver();
    const due = new Promise<void>((resolve) => setTimeout(resolve, delayMs));
    const mine: Promise<void> = Promise.all([last, due]).then(() => {
      deliver();
      if (last === mine) last = null;
    });
    last = mine;
  };
  const delay = () => {
    const now = weather();
    return now.kind === "slow" ? now.delayMs : 0;
  };
  from.on("data", (chunk) => {
    if (swallows(weather())) return;
    after(delay(), () => void (to.writable && to.write(chunk)));
  });
  from.on("end", () => after(delay(), () => void to.end()));
  from.on("close", () => after(delay(), () => to.destroy()));
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

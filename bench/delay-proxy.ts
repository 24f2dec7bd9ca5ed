import { connect, createServer, type Socket } from "node:net";

interface Target {
  host: string;
  port: number;
}

/**
 * Passes bytes on to a server, and its answers back after a delay: a round trip takes that much
 * longer, as it does between hosts, and however much travels at once.
 *
 * @returns the port on 127.0.0.1 where the server seems to be
 */
async function proxy({ host, port }: Target, delayMs: number): Promise<number> {
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host, port, noDelay: true });
    near.on("data", (chunk) => far.write(chunk));
    far.on("data", (chunk) => {
      setTimeout(() => near.writable && near.write(chunk), delayMs);
    });
    endTogether(near, far, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("no port");
  return address.port;
}

function endTogether(near: Socket, far: Socket, delayMs: number): void {
  for (const socket of [near, far]) socket.on("error", () => {});
  near.on("close", () => far.destroy());
  far.on("close", () => setTimeout(() => near.destroy(), delayMs));
}

const { targets, delayMs }: { targets: Target[]; delayMs: number } = JSON.parse(
  process.argv[2] ?? "{}",
);
const ports: number[] = [];
for (const target of targets) ports.push(await proxy(target, delayMs));
process.send?.(ports);
process.on("disconnect", () => process.exit(0));

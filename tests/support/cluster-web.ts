// A web process for the supervisor's tests: says who it is, after `?ms=` when asked to take long.
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const { BROKEN_BUILD = "" } = process.env;
if (existsSync(BROKEN_BUILD)) {
  writeFileSync(`${BROKEN_BUILD}.tried`, "");
  process.exit(1);
}

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? "/", "http://localhost");
  response.setHeader("Connection", "close");
  setTimeout(() => response.end(String(process.pid)), Number(searchParams.get("ms") ?? 0));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ listening: typeof address === "object" ? address?.port : 0 });
});
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.on(signal, () => server.close(() => process.exit(0)));
}

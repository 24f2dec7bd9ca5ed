import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { projectFolder } from "../../scripts/services/places.ts";
import { accepts } from "../../scripts/services/ports.ts";
import { runServer, type Service } from "../../scripts/services/server.ts";
import { downloadedProgram, withLibrariesOf } from "../../scripts/services/system-package.ts";
import { throwAway } from "./throw-away";

/**
 * nginx with deploy/nginx.conf as it is, but for the addresses, the certificate, and the times, which
 * are as much shorter as the tests' DRAIN_DELAY_S of one second is.
 *
 * @param options.ports of the web processes on this machine
 */
export function startNginx({ ports }: { ports: number[] }): Promise<Service> {
  return throwAway("nginx", async (dataDir) => {
    const { file, env } = await findNginx();
    mkdirSync(dataDir, { recursive: true });
    return runServer(
      {
        dataDir,
        name: "nginx",
        how: file,
        env,
        stopSignal: "SIGTERM",
        urlOf: (port) => `http://127.0.0.1:${port}`,
        isReady: ({ port }) => accepts({ host: "127.0.0.1", port }),
        command(port) {
          writeFileSync(join(dataDir, "nginx.conf"), configuration({ port, ports }));
          return { file, args: ["-p", dataDir, "-c", "nginx.conf", "-e", "error.log"] };
        },
      },
      async () => {},
    );
  });
}

/** This system's, else the one in its package. */
function findNginx() {
  const folders = [...(process.env.PATH ?? "").split(delimiter).filter(Boolean), "/usr/sbin"];
  const files = folders.map((folder) => join(folder, "nginx"));
  const installed = files.find((file) => runs(file, process.env));
  if (installed) return { file: installed, env: process.env };
  return downloadedProgram({
    name: "nginx",
    package: "nginx",
    log: (line) => console.log(line),
    find(folder) {
      const found = { file: join(folder, "usr/sbin/nginx"), env: withLibrariesOf(folder) };
      if (runs(found.file, found.env)) return found;
      throw new Error("No nginx can be had here. Install it (Debian: apt-get install nginx).");
    },
  });
}

function runs(file: string, env: NodeJS.ProcessEnv): boolean {
  return spawnSync(file, ["-v"], { env }).status === 0;
}

function configuration({ port, ports }: { port: number; ports: number[] }): string {
  const shipped = readFileSync(join(projectFolder, "deploy/nginx.conf"), "utf8");
  const change = (text: string, pattern: RegExp, by: string) => {
    if (!pattern.test(text)) throw new Error(`deploy/nginx.conf has no ${pattern}`);
    return text.replace(pattern, by);
  };
  const servers = ports.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=1s;`);
  const changes: [RegExp, string][] = [
    [
      /server 10\S+ max_fails=1 fail_timeout=1s;\s+server 10\S+ max_fails=1 fail_timeout=1s;/,
      servers.join("\n"),
    ],
    [/keepalive_timeout 4s;/, "keepalive_timeout 500ms;"],
    [/server \{\s+listen 80;[^}]+\}/, ""],
    [/listen 443 ssl;/, `listen 127.0.0.1:${port};`],
    [/ssl_certificate \S+;\s+ssl_certificate_key \S+;/, ""],
  ];
  return `
    daemon off;
    worker_processes 2;
    ${process.getuid?.() === 0 ? "user root root;" : ""}
    pid nginx.pid;
    events {}
    http {
      access_log off;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      ${changes.reduce((text, [pattern, by]) => change(text, pattern, by), shipped)}
    }`;
}

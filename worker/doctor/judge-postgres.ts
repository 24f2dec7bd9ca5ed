import { advice, bad, good, type Verdict } from "./verdict";

/** What Postgres says of itself and of our role. */
export interface PostgresFacts {
  /** As in `server_version_num`: 180004. */
  version: number;
  role: string;
  isSuperuser: boolean;
  /** Whether the role owns any of our tables. */
  isOwner: boolean;
  /** What the role may not do and has to: `select on user`. */
  missingRights: string[];
  areMigrationsCurrent: boolean;
  isReadOnly: boolean;
  /** `off` for either loses what was acknowledged. */
  fsync: string;
  synchronousCommit: string;
  isThroughBouncer: boolean;
  /** Connections that this role may have in all, reserved ones left out. */
  connections: number;
  connectionsInUse: number;
}

/** What the settings say of connections. */
export interface PoolFacts {
  poolMax: number;
  webProcesses: number;
  hasOwnMigrationRole: boolean;
}

export function judgePostgres(facts: PostgresFacts, pool: PoolFacts): Verdict[] {
  return [
    judgeVersion(facts.version),
    judgeMigrations(facts),
    judgeRights(facts, pool),
    judgeDurability(facts),
    judgeConnections(facts, pool),
  ];
}

function judgeVersion(number: number): Verdict {
  const check = "Postgres version";
  const major = Math.floor(number / 10_000);
  const says = `PostgreSQL ${major}.${number % 10_000}.`;
  if (major === 17 || major === 18) return good(check, says);
  const mend = "Use PostgreSQL 17 or 18.";
  return major < 14 ? bad(check, `${says} It is too old.`, mend) : advice(check, says, mend);
}

function judgeMigrations({ areMigrationsCurrent }: PostgresFacts): Verdict {
  const check = "Migrations";
  if (areMigrationsCurrent) return good(check, "All of this release have run.");
  const mend = "Run node build/migrate.js (npm run migrate in a checkout).";
  return bad(check, "Some of this release are missing; the site is not ready without them.", mend);
}

function judgeRights(facts: PostgresFacts, { hasOwnMigrationRole }: PoolFacts): Verdict {
  const check = "Postgres rights";
  const { role, missingRights, isSuperuser, isOwner } = facts;
  if (missingRights.length > 0) {
    const more = missingRights.length > 3 ? ` and ${missingRights.length - 3} more` : "";
    const says = `The role ${role} lacks ${missingRights.slice(0, 3).join(", ")}${more}.`;
    return bad(check, says, "Give the grants of docs/operations.md, Roles.");
  }
  const mend = "Give the application a role of its own: docs/operations.md, Roles.";
  if (isSuperuser) return advice(check, `The role ${role} is a superuser.`, mend);
  if (isOwner) {
    const says = `The role ${role} owns the tables, and could drop them.`;
    const how = hasOwnMigrationRole
      ? "Let the role of MIGRATE_DATABASE_URL own them: docs/operations.md, Roles."
      : mend;
    return advice(check, says, how);
  }
  return good(check, `The role ${role} reads and writes, and owns nothing.`);
}

function judgeDurability({ isReadOnly, fsync, synchronousCommit }: PostgresFacts): Verdict {
  const check = "Postgres writes";
  if (isReadOnly) {
    const mend = "Let DATABASE_URL lead to the primary, or end its read-only state.";
    return bad(check, "It takes no writes: a replica, or default_transaction_read_only.", mend);
  }
  const off = [fsync === "off" && "fsync", synchronousCommit === "off" && "synchronous_commit"];
  const names = off.filter(Boolean).join(" and ");
  if (!names) return good(check, "Acknowledged registrations survive a power cut.");
  const says = `${names} off: a power cut loses registrations that were acknowledged.`;
  return bad(check, says, `Set ${names} to on.`);
}

/** Connections that people and migrations need. */
const KEPT_FREE = 10;

function judgeConnections(facts: PostgresFacts, { poolMax, webProcesses }: PoolFacts): Verdict {
  const check = "Connections";
  const { connections, connectionsInUse, isThroughBouncer } = facts;
  const processes = webProcesses + 1;
  const most = processes * poolMax;
  const sum = `${webProcesses} web and 1 worker × DATABASE_POOL_MAX ${poolMax} make ${most}`;
  const room = connections - KEPT_FREE;
  const mend =
    "Lower DATABASE_POOL_MAX (4 are enough), raise max_connections, or use PgBouncer (docs/scaling.md).";
  if (isThroughBouncer) {
    const says = `Through a pooler; ${sum} to it.`;
    return advice(check, says, "See that its max_client_conn is above that of all hosts together.");
  }
  if (most > room) return bad(check, `${sum}, and Postgres has ${room} for us.`, mend);
  const says = `${sum} on this host; Postgres has ${room} for all, ${connectionsInUse} are in use.`;
  return connectionsInUse > room * 0.8 ? advice(check, says, mend) : good(check, says);
}

import { randomUUID } from "node:crypto";
import { hashPassword } from "~/domain/accounts/index.server";
import { database } from "~/platform/orm";
import { clearTheTables, roundsOf } from "../../domain/arena";
import { valuesOfRush } from "../../trace-values";
import type { HttpWorkload } from "../http-arena";
import { post, registration } from "../requests";
import { openFor } from "./rush";

const PASSWORD = "a-password-of-the-bench";

/** Registrations while a hundred at once log in, and while nobody does. */
export const logins: HttpWorkload = async (arena) => {
  const site = await arena.start({ name: "product" });
  const body = JSON.stringify({ email: await createAccount(), password: PASSWORD });
  const logIn = Array.from({ length: 2_000 }, () => post("/api/auth/login", [], body));
  const callers = arena.callers.slice(0, 4_000);
  const forAtMostMs = arena.quick ? 1_500 : 4_000;
  for (const round of roundsOf(arena)) {
    for (const side of ["nobody-logs-in", "hundred-log-in"]) {
      arena.progress(`round ${round} of ${arena.rounds} at most: ${side}`);
      await clearTheTables();
      const { id } = await openFor("product", callers.length);
      const requests = callers.map((caller) => registration(caller, id));
      const order = { port: site.port, forAtMostMs };
      const crowd = side === "hundred-log-in" ? logIn : [];
      const [registrations, loggedIn] = await Promise.all([
        arena.client.send({ ...order, requests, atOnce: 20 }),
        arena.secondClient.send({ ...order, requests: crowd, atOnce: 100 }),
      ]);
      const { p50Ms = Number.NaN, p99Ms = Number.NaN } = valuesOfRush(registrations);
      const values = { p50Ms, p99Ms, logins: loggedIn.requests.length };
      arena.measured({ workload: "logins", side, round, values });
    }
  }
};

async function createAccount(): Promise<string> {
  const email = `${randomUUID()}@bench.example`;
  await database().execute(
    `insert into "user" (id, email, name, role, password_hash)
     values (?, ?, 'Somebody', 'PARTICIPANT', ?)`,
    [randomUUID(), email, await hashPassword(PASSWORD)],
  );
  return email;
}

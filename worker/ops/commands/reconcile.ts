import { findCompetition } from "~/domain/competitions/index.server";
import {
  type Drift,
  findKnownCompetitions,
  findLastingDrift,
  syncSeats,
} from "~/domain/registration/index.server";
import { type Answer, done, refused } from "../cli";
import { table } from "../table";

/**
 * `ops reconcile`: compares Redis with Postgres and makes it equal; with `check` it only looks, and
 * refuses when they differ. Safe under load.
 */
export async function reconcile(
  { check = false }: { check?: boolean },
  competitionId?: string,
): Promise<Answer> {
  const known = await findKnownCompetitions();
  if (!known) return redisAway();
  const id = competitionId?.toLowerCase();
  // Redis may still take a deleted one for open.
  if (id && !known.includes(id) && !(await findCompetition({ id }))) {
    return refused("not_found", "No competition has this id.");
  }
  const ids = id ? [id] : known;
  const drifted = await findLastingDrift(ids);
  if (!drifted) return redisAway();
  const looked = ids.length;
  if (drifted.length === 0) {
    // After a restore it knows none: it hears of each when somebody comes to it.
    const text = id
      ? "Redis equals Postgres in this competition."
      : `Redis equals Postgres in all ${looked} competitions that it knows.`;
    return done({ status: "equal", looked, drifted }, text);
  }
  const data = { status: "drift", looked, drifted };
  return check ? { exitCode: 1, data, text: driftTable(drifted) } : repair(drifted);
}

async function repair(drifted: Drift[]): Promise<Answer> {
  const left: Drift[] = [];
  for (const drift of drifted) {
    const { status } = await syncSeats({ competitionId: drift.competitionId });
    if (status !== "synced") left.push(drift);
  }
  const isEqual = left.length === 0;
  const repaired = drifted.length - left.length;
  return {
    exitCode: isEqual ? 0 : 1,
    data: { status: isEqual ? "repaired" : "drift_left", repaired, drifted, left },
    text: `${driftTable(drifted)}\n\nRepaired: ${repaired} of ${drifted.length}.`,
  };
}

function driftTable(drifted: Drift[]): string {
  const rows = drifted.flatMap(({ competitionId, differences }) =>
    differences.map((difference) => [competitionId, difference]),
  );
  return table(["COMPETITION", "DIFFERENCE"], rows);
}

function redisAway(): Answer {
  return refused("unavailable", "Redis is away: nothing to compare with.");
}

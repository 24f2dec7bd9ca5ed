import { findCompetition } from "~/domain/competitions/index.server";
import {
  type Drift,
  findKnownCompetitions,
  findLastingDrift,
  syncSeats,
} from "~/domain/registration/index.server";
import { done, type Outcome, refused } from "../outcome";
import { table } from "./table";

/**
 * `ops reconcile [COMPETITION] [--check]`: compares Redis with Postgres and makes it equal. With
 * `--check` it only looks, and refuses when there is drift. Safe under load.
 */
export async function reconcile({
  json,
  check,
  competitionId,
}: {
  json: boolean;
  check: boolean;
  competitionId?: string;
}): Promise<Outcome> {
  const known = await findKnownCompetitions();
  if (!known) return redisAway(json);
  const ids = competitionId ? [competitionId.toLowerCase()] : known;
  if (competitionId && !(await exists(ids[0] ?? "", known))) {
    return refused({ json, status: "not_found", text: "No competition has this id." });
  }
  const drifted = await findLastingDrift(ids);
  if (!drifted) return redisAway(json);
  if (drifted.length === 0) {
    const data = { status: "equal", looked: ids.length, drifted };
    return done({ json, data, text: `Redis equals Postgres in ${ids.length} competitions.` });
  }
  return check ? report({ json, drifted, looked: ids.length }) : repair({ json, drifted });
}

function report({
  json,
  drifted,
  looked,
}: {
  json: boolean;
  drifted: Drift[];
  looked: number;
}): Outcome {
  const data = { status: "drift", looked, drifted };
  return { ...done({ json, data, text: driftTable(drifted) }), exitCode: 1 };
}

async function repair({ json, drifted }: { json: boolean; drifted: Drift[] }): Promise<Outcome> {
  const left: Drift[] = [];
  for (const drift of drifted) {
    const { status } = await syncSeats({ competitionId: drift.competitionId });
    if (status !== "synced") left.push(drift);
  }
  const repaired = drifted.length - left.length;
  const status = left.length === 0 ? "repaired" : "drift_left";
  const outcome = done({
    json,
    data: { status, repaired, drifted, left },
    text: `${driftTable(drifted)}\n\nRepaired: ${repaired} of ${drifted.length}.`,
  });
  return left.length === 0 ? outcome : { ...outcome, exitCode: 1 };
}

function driftTable(drifted: Drift[]): string {
  const rows = drifted.flatMap(({ competitionId, differences }) =>
    differences.map((difference) => [competitionId, difference]),
  );
  return table(["COMPETITION", "DIFFERENCE"], rows);
}

/** A deleted one does not exist any more, but Redis may still take it for open. */
async function exists(id: string, known: string[]): Promise<boolean> {
  return known.includes(id) || (await findCompetition({ id })) !== null;
}

function redisAway(json: boolean): Outcome {
  return refused({ json, status: "unavailable", text: "Redis is away: nothing to compare with." });
}

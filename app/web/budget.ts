import { type Cost, POINTS, type Spent } from "./costs";
import { limit } from "./rate-limits";
import { accountOf } from "./sessions";

/** Who pays: a network, and somebody who is signed in. */
interface Payer {
  address: string | undefined;
  account: string | undefined;
}

/**
 * Takes the cost of a request from the budgets of its network and its account. A budget is for a
 * minute; a refused request is not paid for.
 */
export function spend(cost: Cost, payer: Payer): Promise<Spent> {
  if (cost === "registration") return limit("registration", payer);
  const points = POINTS[cost];
  return points === 0 ? Promise.resolve({ status: "allowed" }) : limit("work", payer, points);
}

/** The same for a page, whose cookies tell who is signed in. */
export async function spendOnPage(
  cost: Cost,
  { address, cookies }: { address: string; cookies: string | undefined },
): Promise<Spent> {
  return spend(cost, { address, account: await accountOf(cookies) });
}

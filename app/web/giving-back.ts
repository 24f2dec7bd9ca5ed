import { cancelRegistration } from "~/domain/registration/index.server";
import { limit, takeBack } from "./rate-limits";

/**
 * Gives up a seat or a place in line, as often as people do: who takes one and gives it back in a loop
 * leaves a row each time, which is kept for months, and which their own lists are sorted from.
 *
 * @throws what `cancelRegistration` throws
 */
export async function giveBackWithinLimits(own: Parameters<typeof cancelRegistration>[0]) {
  const caller = { address: undefined, account: own.actor.id };
  const limited = await limit("giving_back", caller);
  if (limited.status === "rate_limited") return limited;
  const result = await cancelRegistration(own);
  if (result.status !== "cancelled") await takeBack("giving_back", caller);
  return result;
}

import { raw } from "@mikro-orm/core";
import { lockCompetition, syncAfterChange } from "~/domain/registration/index.server";
import { isUuid } from "~/platform/ids";
import { inTransaction } from "~/platform/orm";
import { Competition } from "./tables";

/** Deletes a competition softly: nobody can see it any more, and its rows stay. */
export async function deleteCompetition({
  id,
  organizerId,
}: {
  id: string;
  organizerId: string;
}): Promise<{ status: "deleted" } | { status: "not_found" }> {
  if (!isUuid(id)) return { status: "not_found" };
  const competitionId = id.toLowerCase();
  const deleted = await inTransaction(async (em) => {
    await lockCompetition(em, { competitionId, mode: "exclusive" });
    return em.nativeUpdate(
      Competition,
      { id: competitionId, createdBy: organizerId, deletedAt: null },
      { deletedAt: raw("clock_timestamp()"), updatedAt: raw("clock_timestamp()") },
    );
  });
  if (deleted === 0) return { status: "not_found" };
  await syncAfterChange(competitionId);
  return { status: "deleted" };
}

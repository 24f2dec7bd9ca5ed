import { listOwnRegistrations } from "~/domain/registration/index.server";
import { requireActor } from "~/web/index.server";

/** The participant's seats, newest first. */
export async function showRegistrations(request: Request) {
  const actor = await requireActor(request, "list own registrations");
  const registrations = await listOwnRegistrations({ actor });
  return {
    registrations: registrations.map(({ id, seatNo, registeredAt, competition }) => ({
      id,
      seatNo,
      registeredAt,
      competition: {
        id: competition.id,
        title: competition.title,
        startDate: competition.startDate,
      },
    })),
  };
}

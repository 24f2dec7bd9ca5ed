import { listOwnRegistrations } from "~/domain/registration/index.server";
import { requireRole } from "~/web/index.server";

/** The participant's seats, newest first. */
export async function showRegistrations(request: Request) {
  const user = await requireRole(request, "PARTICIPANT");
  const registrations = await listOwnRegistrations({ userId: user.id });
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

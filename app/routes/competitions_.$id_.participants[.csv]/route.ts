import type { LoaderFunctionArgs } from "@remix-run/node";
import { listParticipants } from "~/domain/registration/index.server";
import { notFound, requireUser } from "~/web/index.server";
import { toCsv } from "./to-csv";

/** The participants as a spreadsheet, for the competition's organizer. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await requireUser(request);
  const participants = await listParticipants({ actor, competitionId: params.id ?? "" });
  if (!participants) throw notFound();
  const rows = participants.map(({ seatNo, user, registeredAt }) => [
    String(seatNo),
    user.name,
    user.email,
    registeredAt.toISOString(),
  ]);
  return new Response(toCsv([["Seat", "Name", "Email", "Registered at (UTC)"], ...rows]), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="participants.csv"',
    },
  });
}

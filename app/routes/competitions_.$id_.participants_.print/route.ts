import type { LoaderFunctionArgs } from "@remix-run/node";
import { listParticipants } from "~/domain/registration/index.server";
import { printedList, readListQuery, requireOwnCompetition } from "~/web/index.server";
import stylesheet from "../../tailwind.css";

/** All participants, to print, for the competition's organizer. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { organizer: actor, competition } = await requireOwnCompetition(request, {
    id: params.id,
    action: "read participants",
  });
  const { q, sort } = readListQuery(request, "participants");
  const asked = { actor, competitionId: competition.id, q, sort };
  return printedList({
    request,
    title: "Participants",
    lede: `Of ${competition.title}.`,
    q,
    read: ({ limit, skip }) => listParticipants({ ...asked, limit, skip }),
    columns: [
      { label: "Seat", text: ({ seatNo }) => seatNo },
      { label: "Name", text: ({ user }) => user.name, isHead: true },
      { label: "Email", text: ({ user }) => user.email },
      { label: "Registered", text: ({ registeredAt }) => registeredAt },
    ],
    stylesheet,
  });
}

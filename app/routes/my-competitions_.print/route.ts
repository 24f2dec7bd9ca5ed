import type { LoaderFunctionArgs } from "@remix-run/node";
import { browseOwnCompetitions } from "~/domain/competitions/index.server";
import { pageByPage, printedList, readListQuery, requireActor } from "~/web/index.server";
import stylesheet from "../../tailwind.css";

/** All of the organizer's competitions, to print. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await requireActor(request, "list own competitions");
  const { q, sort } = readListQuery(request, "ownCompetitions");
  const read = pageByPage((asked) => browseOwnCompetitions({ actor, q, sort, ...asked }));
  const zone = ({ timeZone }: { timeZone: string }) => timeZone;
  return printedList({
    request,
    title: "My competitions",
    lede: `Organized by ${actor.name}.`,
    q,
    read,
    columns: [
      { label: "Competition", text: ({ title }) => title, isHead: true },
      { label: "Taken", text: ({ registrations, capacity }) => `${registrations} of ${capacity}` },
      { label: "Register until", text: ({ regDeadline }) => regDeadline, zone },
      { label: "Starts", text: ({ startDate }) => startDate ?? "To be announced", zone },
    ],
    stylesheet,
  });
}

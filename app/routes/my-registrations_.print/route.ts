import type { LoaderFunctionArgs } from "@remix-run/node";
import { browseOwnRegistrations } from "~/domain/registration/index.server";
import { pageByPage, printedList, readSearch, requireActor } from "~/web/index.server";
import stylesheet from "../../tailwind.css";

const PARTS = { upcoming: "Upcoming", "in line": "In line", past: "Past", cancelled: "Cancelled" };

/** All of the participant's seats and places in line, to print. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await requireActor(request, "list own registrations");
  const { q } = readSearch(request);
  const read = pageByPage((asked) => browseOwnRegistrations({ actor, q, ...asked }));
  return printedList({
    request,
    title: "My registrations",
    lede: `Seats of ${actor.name}, and places in line.`,
    q,
    read,
    columns: [
      { label: "Competition", text: ({ competition }) => competition.title, isHead: true },
      { label: "State", text: ({ part }) => PARTS[part] },
      { label: "Seat", text: ({ seatNo, place }) => seatNo ?? place ?? "–" },
      {
        label: "Starts",
        text: ({ competition }) => competition.startDate ?? "To be announced",
        zone: ({ competition }) => competition.timeZone,
      },
      { label: "Since", text: ({ registeredAt }) => registeredAt },
    ],
    stylesheet,
  });
}

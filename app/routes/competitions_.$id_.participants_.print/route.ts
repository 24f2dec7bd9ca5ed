import type { LoaderFunctionArgs } from "@remix-run/node";
import { placeInWords, type WaitingPerson } from "~/domain/registration/index.server";
import { printedList, readListQuery, requireOwnCompetition } from "~/web/index.server";
import stylesheet from "../../tailwind.css";
import { readEverybody } from "./read.server";

/** All participants and behind them those in line, to print, for the competition's organizer. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { organizer: actor, competition } = await requireOwnCompetition(request, {
    id: params.id,
    action: "read participants",
  });
  const { q, sort } = readListQuery(request, "participants");
  return printedList({
    request,
    title: "Participants",
    lede: `Of ${competition.title}.`,
    q,
    read: readEverybody({ actor, competitionId: competition.id, q, sort }),
    columns: [
      { label: "Seat", text: (row) => ("seatNo" in row ? row.seatNo : inLine(row)) },
      { label: "Name", text: ({ user }) => user.name, isHead: true },
      { label: "Email", text: ({ user }) => user.email },
      {
        label: "Registered or joined",
        text: (row) => ("seatNo" in row ? row.registeredAt : row.joinedAt),
      },
    ],
    stylesheet,
  });
}

function inLine({ place }: WaitingPerson): string {
  return `In line, ${placeInWords({ place, about: false })}`;
}

import { Link } from "@remix-run/react";
import { AddToCalendar } from "~/components/add-to-calendar";
import { Cover } from "~/components/cover";
import { DataTable } from "~/components/data-table";
import { DateTime } from "~/components/date-time";

/** A seat or a place in line of the participant's own. */
interface OwnSeat {
  id: string;
  seatNo: number | null;
  place: string | null;
  off: "by the organizer" | "taken down" | "given back" | "left the line" | null;
  registeredAt: Date;
  competition: { id: string; title: string; startDate: Date | null; timeZone: string };
}

type Name = "upcoming" | "in line" | "past" | "cancelled";

const WORDS: Record<Name, { title: string; seat: string; start: string }> = {
  upcoming: { title: "Upcoming", seat: "Seat", start: "Starts" },
  "in line": { title: "In line", seat: "Place", start: "Starts" },
  past: { title: "Past", seat: "Seat", start: "Started" },
  cancelled: { title: "Cancelled", seat: "What happened", start: "Was due to start" },
};

const OFF = {
  "by the organizer": "Cancelled by the organizer",
  "taken down": "Taken down by the organizer",
  "given back": "You gave your seat back",
  "left the line": "You left the line",
};

/** A part of one's registrations, as a table below its heading. */
export function OwnPart({ name, seats }: { name: Name; seats: OwnSeat[] }) {
  const { title, seat, start } = WORDS[name];
  return (
    <section aria-label={title} className="mt-8">
      <h2 className="mb-3 text-xl font-semibold tracking-tight">{title}</h2>
      <DataTable
        caption={title}
        rows={seats}
        rowKey={({ id }) => id}
        sort={{ by: "", descending: false }}
        columns={[
          {
            name: "title",
            label: "Competition",
            isHead: true,
            cell: (row) => <What seat={row} />,
          },
          {
            name: "seat",
            label: seat,
            cell: ({ seatNo, place, off }) => {
              if (off && name === "cancelled") return OFF[off];
              if (seatNo === null) return place ? `In line, ${place}` : "No seat";
              return (
                <span className="font-semibold digits">
                  <span className="sr-only">Seat </span>
                  {seatNo}
                </span>
              );
            },
          },
          {
            name: "start",
            label: start,
            cell: ({ competition: { id, startDate, timeZone }, off }) =>
              startDate ? (
                <>
                  <DateTime value={startDate} zone={timeZone} relative={!off} />{" "}
                  {name === "upcoming" || name === "in line" ? (
                    <span className="block">
                      <AddToCalendar id={id} />
                    </span>
                  ) : null}
                </>
              ) : (
                "To be announced"
              ),
          },
          {
            name: "registered",
            label: "Since",
            cell: ({ registeredAt }) => <DateTime value={registeredAt} relative={false} />,
          },
        ]}
      />
    </section>
  );
}

/** Its face and its name. What was taken down has no page any more. */
function What({ seat: { competition, off } }: { seat: OwnSeat }) {
  const { id, title } = competition;
  return (
    // The row's other cells stand on the line of the name, not on the picture's edge.
    <span className="flex items-start gap-3">
      <Cover id={id} className="h-10 w-16 shrink-0 rounded-md border border-line" />
      {off === "taken down" ? (
        <bdi className="min-w-0 self-baseline">{title}</bdi>
      ) : (
        <Link
          to={`/competitions/${id}`}
          className="inline-flex min-h-6 min-w-0 items-center self-baseline rounded-sm hover:underline"
        >
          <bdi>{title}</bdi>
        </Link>
      )}
    </span>
  );
}

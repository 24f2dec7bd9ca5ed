import { Form } from "@remix-run/react";
import { Button } from "~/components/button";
import { DataTable } from "~/components/data-table";
import { DateTime } from "~/components/date-time";
import { Field } from "~/components/field";
import { useIsSending } from "~/components/form-state";
import { Pagination } from "~/components/pagination";
import { waitingWords } from "~/components/seat-meter";

/** Who waits for a seat, to the organizer. */
export interface Line {
  /** How many wait in all. */
  waiting: number;
  /** A page of them, or of those of them that a search has found. */
  people: { id: string; place: number; joinedAt: Date; user: { name: string; email: string } }[];
  page: number;
  pages: number;
  isClosed: boolean;
  freeSeats: number;
}

/** The line, in its order. Nothing where nobody waits. */
export function LineSection(props: {
  line: Line;
  title: string;
  q: string;
  /** How many seats were to be given, and what is wrong with that. */
  typed?: string;
  error?: string;
}) {
  const { line, title, q, typed, error } = props;
  const { waiting, people } = line;
  if (waiting === 0 && people.length === 0) return null;
  return (
    <section aria-labelledby="line" className="mt-12 border-t border-line pt-8">
      <h2 id="line" tabIndex={-1} className="rounded-sm text-lg font-semibold">
        In line
      </h2>
      <p className="mt-1 digits">{waitingWords(Math.max(waiting, people.length))}.</p>
      {line.isClosed ? <Promotion line={line} typed={typed} error={error} /> : null}
      {people.length > 0 ? (
        <div className="mt-4">
          <DataTable
            caption={`In line for ${title}`}
            rows={people}
            rowKey={({ id }) => id}
            sort={{ by: "", descending: false }}
            columns={[
              { name: "place", label: "Place", isShort: true, cell: ({ place }) => place },
              {
                name: "name",
                label: "Name",
                isHead: true,
                cell: ({ user }) => <bdi>{user.name}</bdi>,
              },
              { name: "email", label: "Email", cell: ({ user }) => user.email },
              {
                name: "joinedAt",
                label: "Joined",
                isShort: true,
                cell: ({ joinedAt }) => <DateTime value={joinedAt} relative={false} />,
              },
            ]}
          />
        </div>
      ) : (
        <p className="mt-2 wrap-anywhere text-ink-soft">
          None of them matches “<bdi>{q}</bdi>”.
        </p>
      )}
      <Pagination page={line.page} pages={line.pages} of="line" />
    </section>
  );
}

/** After the deadline nobody gets a seat by themselves any more: the organizer gives what is free. */
function Promotion(props: { line: Line; typed: string | undefined; error: string | undefined }) {
  const { line, typed, error } = props;
  const isSending = useIsSending();
  const most = Math.min(line.freeSeats, Math.max(line.waiting, 1), 1_000);
  if (most === 0) {
    return (
      <p className="mt-2 text-ink-soft">
        Registration has closed, and no seat is free. Raise the capacity to give seats to more of
        them.
      </p>
    );
  }
  return (
    <Form method="post" className="mt-4 flex flex-wrap items-end gap-3 print:hidden">
      {most === 1 ? (
        <input type="hidden" name="count" value="1" />
      ) : (
        <Field
          name="count"
          label="Seats to give"
          hint={`Registration has closed. ${line.freeSeats.toLocaleString("en-GB")} seats are free.`}
          error={error}
          defaultValue={typed ?? most}
          inputMode="numeric"
          className="max-w-40"
        />
      )}
      <Button pending={isSending}>
        {most === 1 ? "Give the free seat to the first in line" : "Give seats to the first in line"}
      </Button>
    </Form>
  );
}

import type { LoaderFunctionArgs } from "@remix-run/node";
import { downloadParticipants } from "./download.server";

/** The participants as a spreadsheet, for the competition's organizer. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  return new Response(await downloadParticipants(request, params.id), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="participants.csv"',
    },
  });
}

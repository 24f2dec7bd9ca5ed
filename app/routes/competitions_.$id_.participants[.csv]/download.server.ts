import { Readable } from "node:stream";
import { createReadableStreamFromReadable } from "@remix-run/node";
import { listParticipants, type Participant } from "~/domain/registration/index.server";
import { notFound, requireUser } from "~/web/index.server";
import { BYTE_ORDER_MARK, toCsv } from "./to-csv";

const ROWS_AT_ONCE = 2_000;

/**
 * The participants' file, a piece at a time, each read when the one before has left: to make
 * 100,000 rows at once would keep everybody else waiting.
 *
 * @throws Response 404 to anybody but the competition's organizer
 */
export async function downloadParticipants(
  request: Request,
  id: string | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const actor = await requireUser(request);
  const asked = { actor, competitionId: id ?? "", limit: ROWS_AT_ONCE };
  const first = await listParticipants(asked);
  if (!first) throw notFound();
  return createReadableStreamFromReadable(Readable.from(pieces(first, asked)));
}

async function* pieces(
  first: Participant[],
  asked: Parameters<typeof listParticipants>[0],
): AsyncGenerator<Buffer> {
  yield Buffer.from(
    `${BYTE_ORDER_MARK}${toCsv([["Seat", "Name", "Email", "Registered at (UTC)"]])}`,
  );
  let rows: Participant[] | null = first;
  while (rows) {
    yield Buffer.from(toCsv(rows.map(toRow)));
    const last: Participant | undefined = rows.at(-1);
    if (!last || rows.length < ROWS_AT_ONCE) return;
    rows = await listParticipants({ ...asked, afterSeat: last.seatNo });
  }
}

function toRow({ seatNo, user, registeredAt }: Participant): string[] {
  return [String(seatNo), user.name, user.email, registeredAt.toISOString()];
}

import { Readable } from "node:stream";
import { createReadableStreamFromReadable } from "@remix-run/node";
import {
  listLine,
  listParticipants,
  type Participant,
  type WaitingPerson,
} from "~/domain/registration/index.server";
import { notFound, requireUser } from "~/web/index.server";
import { BYTE_ORDER_MARK, toCsv } from "./to-csv";

const ROWS_AT_ONCE = 2_000;

/**
 * The participants' file, and behind them those in line, a piece at a time, each read when the one before has left: to make
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
  asked: Parameters<typeof listParticipants>[0] & { limit: number },
): AsyncGenerator<Buffer> {
  const heads = ["Seat", "Name", "Email", "Registered at (UTC)", "Place in line"];
  yield Buffer.from(`${BYTE_ORDER_MARK}${toCsv([heads])}`);
  let rows: Participant[] | null = first;
  while (rows?.length) {
    yield Buffer.from(toCsv(rows.map(toRow)));
    const afterSeat: number | undefined = rows.at(-1)?.seatNo;
    rows = rows.length < ROWS_AT_ONCE ? null : await listParticipants({ ...asked, afterSeat });
  }
  let waiting = await listLine(asked);
  while (waiting?.length) {
    yield Buffer.from(toCsv(waiting.map(toWaitingRow)));
    const after: WaitingPerson | undefined = waiting.at(-1);
    waiting = waiting.length < ROWS_AT_ONCE ? null : await listLine({ ...asked, after });
  }
}

function toRow({ seatNo, user, registeredAt }: Participant): string[] {
  return [String(seatNo), user.name, user.email, registeredAt.toISOString(), ""];
}

/** They have not registered: they have a place, and may get a seat. */
function toWaitingRow({ place, user, joinedAt }: WaitingPerson): string[] {
  return ["", user.name, user.email, joinedAt.toISOString(), String(place)];
}

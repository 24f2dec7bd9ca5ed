import * as z from "zod";
import { type MailMessage, renderMail } from "~/domain/mail/index.server";
import {
  eventUrl,
  findRegistered,
  inItsZone,
  placeInMail,
  writeEvent,
  writeEventOff,
} from "~/domain/registration/index.server";
import { inBatches } from "~/platform/batch";
import { publicUrl } from "~/platform/env";
import { database } from "~/platform/orm";

const payloadSchema = z.object({ registrationId: z.guid(), changeId: z.guid() });

/**
 * Tells somebody with a seat, or in line, that time or place was changed: how all of it is now, since between two
 * changes they may have heard something else, and what was before.
 *
 * @returns null when they have neither any more, or it does not take place
 */
export async function composeChange(payload: unknown): Promise<MailMessage | null> {
  const { registrationId, changeId } = payloadSchema.parse(payload);
  const [found, change] = await Promise.all([findRegistered(registrationId), findChange(changeId)]);
  if (!found?.competition.takesPlace || !change?.becomes) return null;
  const { seatNo, user, competition } = found;
  const yours = seatNo === null ? "place in line" : "seat";
  const { startDate } = competition;
  // People in line were sent no event.
  const calendar =
    seatNo === null
      ? null
      : startDate
        ? writeEvent(competition)
        : await writeEventOff(registrationId, competition);
  const rendered = renderMail({
    subject: `Changed: ${competition.title}`,
    heading: `${competition.title} has changed`,
    paragraphs: [
      `Hello ${user.name},`,
      `${competition.organizerName} has changed when or where ${competition.title} takes place. You keep your ${yours}.`,
    ],
    details: [
      ["Competition", competition.title],
      ...whenAndWhere(change.was, change.becomes, competition.timeZone),
      ...(seatNo === null ? [] : [["Your seat", String(seatNo)] as [string, string]]),
    ],
    action: {
      label: "See the competition",
      url: `${publicUrl()}/competitions/${competition.id}`,
    },
    calendarUrl: seatNo === null || !startDate ? null : eventUrl(competition.id),
  });
  return { userId: user.id, to: user.email, ...rendered, calendar };
}

type Facts = Record<string, string | null>;

const findChange = inBatches<string, { was: Facts; becomes: Facts | null } | undefined>({
  most: 500,
  async run(ids) {
    const changes: { id: string; was: Facts; becomes: Facts | null }[] = await database().execute(
      "select id, was, becomes from competition_change where id = any(?::uuid[])",
      [`{${[...new Set(ids)].join(",")}}`],
    );
    const found = new Map(changes.map((change) => [change.id, change]));
    return ids.map((id) => found.get(id.toLowerCase()));
  },
});

function whenAndWhere(was: Facts, becomes: Facts, zone: string): [label: string, value: string][] {
  return FACTS.flatMap(({ column, label, words }): [string, string][] => {
    const [before = null, now = null] = [was[column], becomes[column]];
    const lines: [string, string][] = [[label, words(now, zone)]];
    if (before !== now) return [...lines, [`${label} before`, words(before, zone)]];
    return now === null ? [] : lines;
  });
}

const time = (value: string | null, zone: string) =>
  value === null ? "to be announced" : inItsZone(new Date(value), zone);

const place = (value: string | null) => (value === null ? "to be announced" : placeInMail(value));

const FACTS = [
  { column: "start_date", label: "Starts", words: time },
  { column: "ends_at", label: "Ends", words: time },
  { column: "location", label: "Place", words: place },
];

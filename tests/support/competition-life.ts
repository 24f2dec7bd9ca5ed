import { randomUUID } from "node:crypto";
import type { CompetitionInput } from "~/domain/competitions/index.server";
import type { MailKind } from "~/domain/mail/index.server";
import { database } from "~/platform/orm";
import { signIn } from "~/web/sessions";
import { COMPOSERS } from "../../worker/composers";
import type { Person } from "./fixtures";

const HOUR_MS = 3_600_000;

/** A moment so many hours from now. */
export const later = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

/** What an organizer writes about a new competition. */
export const input = (changes: Partial<CompetitionInput> = {}): CompetitionInput => ({
  title: `Life ${randomUUID()}`,
  description: "About it",
  tags: ["life"],
  capacity: 3,
  opensAt: null,
  regDeadline: later(24),
  startDate: later(48),
  ...changes,
});

/** A form as somebody's browser sends it. */
export async function formOf(
  { id }: { id: string },
  values: Record<string, string>,
): Promise<Request> {
  const [cookie = ""] = (await signIn(new Request("http://site.example/"), id)).split(";");
  const body = new URLSearchParams(values);
  return new Request("http://site.example/", { method: "POST", headers: { cookie }, body });
}

/** What a mail of this kind says to somebody. */
export async function mailOf(user: Person, competitionId: string, kind: MailKind) {
  const [order]: { payload: unknown }[] = await database().execute(
    `select o.payload from outbox o join registration r on o.payload->>'registrationId' = r.id::text
      where r.user_id = ? and r.competition_id = ? and o.kind = ? order by o.id desc limit 1`,
    [user.id, competitionId, kind],
  );
  if (!order) throw new Error(`nobody ordered ${kind}`);
  return COMPOSERS[kind](order.payload);
}

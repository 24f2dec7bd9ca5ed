import { randomUUID } from "node:crypto";
import bcrypt from "bcryptjs";
import { issueAccessToken } from "~/domain/accounts/index.server";
import { renewCalendarSecret } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { signIn } from "~/web/sessions";
import { createPerson, openCompetition } from "./fixtures";
import type { Walker } from "./walk";

/** Words that nothing but a person's data has, however they are written. */
export const WORDS = {
  name: "Kanariana",
  email: "kanarimail",
  password: "kanaripassword",
  key: "kanarikey",
  search: "kanarisuche",
};

/** People who carry the words, one a walk, and what else of theirs must be found nowhere. */
export async function canaries() {
  // The cheapest that bcrypt has: everybody logs in on every walk.
  const passwordHash = await bcrypt.hash(WORDS.password, 4);
  const secrets = [...Object.values(WORDS), passwordHash];
  let walkers = 0;

  async function next(): Promise<Walker> {
    const id = randomUUID();
    // On a fast machine the walks of one organizer would be more than their budget.
    const organizer = (await createPerson("ORGANIZER")).id;
    const email = `${WORDS.email}-${++walkers}@example.com`;
    await database().execute(
      `insert into "user" (id, email, name, role, password_hash)
       values (?, ?, ?, 'PARTICIPANT', ?)`,
      [id, email, WORDS.name, passwordHash],
    );
    const ids = {
      open: await openCompetition({ organizerId: organizer }),
      held: await openCompetition({ organizerId: organizer }),
      doomed: await openCompetition({ organizerId: organizer }),
      erased: await openCompetition({ organizerId: organizer }),
      mail: await mailTo(id, email),
    };
    const tokens = { participant: await tokenOf(id), organizer: await tokenOf(organizer) };
    const cookies = {
      participant: await cookieOf(id),
      organizer: await cookieOf(organizer),
      leaving: await cookieOf(id),
    };
    const sessions: { id: string }[] = await database().execute("select id from session");
    const calendar = await renewCalendarSecret({ actor: { id, role: "PARTICIPANT" } });
    secrets.push(calendar, ...Object.values(tokens), ...sessions.map((session) => session.id));
    const words = { ...WORDS, email, key: `${WORDS.key}-${walkers}` };
    return { words, tokens, cookies, ids, calendar };
  }

  /** Which of the secrets a text holds. */
  const foundIn = (text: string) => [...new Set(secrets)].filter((word) => text.includes(word));
  return { next, foundIn };
}

async function tokenOf(userId: string): Promise<string> {
  return (await issueAccessToken({ id: userId })).accessToken;
}

async function cookieOf(userId: string): Promise<string> {
  const [cookie = ""] = (await signIn(new Request("http://localhost"), userId)).split(";");
  return cookie;
}

async function mailTo(userId: string, email: string): Promise<string> {
  const id = randomUUID();
  await database().execute(
    `insert into mail_box (id, user_id, "to", subject, body, html, job_id, dedupe_key)
     values (?, ?, ?, 'Hello', ?, '', 'none', ?)`,
    [id, userId, email, `Dear ${WORDS.name}`, id],
  );
  return id;
}

import { randomUUID } from "node:crypto";
import { findTokenUser, issueAccessToken, setRole, User } from "~/domain/accounts/index.server";
import { deleteCompetition } from "~/domain/competitions/index.server";
import { register } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { findUser, logOut, signIn } from "~/web/sessions";
import { createPeople, openCompetition, type Person } from "./fixtures";

/** Who asks, and about which competition and mail. */
export interface Asker {
  name: string;
  cookie?: string;
  token?: string;
  /** The role they have by now; null for those who are no longer signed in. */
  role: Person["role"] | null;
  competition: { id: string; isTheirs: boolean; isDeleted: boolean };
  mailId: string;
  hasSeat: boolean;
  isAddressee: boolean;
}

export interface AccessWorld {
  askers: Asker[];
  /** What only the person themselves and the organizer may read, in each of the competitions. */
  secrets: { email: string; mail: string };
}

/**
 * All kinds of people: each role, with and without something of their own, and those whose role, session
 * or account ended after the process had got to know them.
 */
export async function accessWorld(): Promise<AccessWorld> {
  const [holder, passerBy, promoted] = (await createPeople(3)) as [Person, Person, Person];
  const [owner, rival, demoted, leaver, gone] = (await createPeople(5, "ORGANIZER")) as Five;
  const open = () => openWithSeats(owner, [holder, promoted]);
  const competition = { id: await open(), isTheirs: false, isDeleted: false };
  const theirs = { ...competition, isTheirs: true };
  const deleted = { ...theirs, id: await open(), isDeleted: true };
  await deleteCompetition({ actor: owner, id: deleted.id });
  const mail = await sendMail(holder);
  const nobody: Asker = {
    name: "nobody",
    role: null,
    competition,
    mailId: mail.id,
    hasSeat: false,
    isAddressee: false,
  };
  const enters = async (name: string, person: Person, more: Partial<Asker> = {}) => {
    const { role } = person;
    return { ...nobody, name, role, ...(await signedIn(person)), ...more };
  };
  const withSeat = { hasSeat: true, isAddressee: true };
  const owned = async (person: Person) => ({
    competition: { ...theirs, id: await openWithSeats(person, [holder]) },
  });
  const askers: Asker[] = [
    nobody,
    await enters("a participant without a seat", passerBy),
    await enters("a participant with a seat", holder, withSeat),
    await enters("another organizer", rival),
    await enters("its organizer", owner, { competition: theirs }),
    await enters("an organizer made a participant", demoted, {
      ...(await owned(demoted)),
      role: "PARTICIPANT",
    }),
    await enters("a participant made an organizer", promoted, { hasSeat: true, role: "ORGANIZER" }),
    await enters("an organizer who logged out", leaver, { ...(await owned(leaver)), role: null }),
    await enters("somebody who is gone", gone, { role: null }),
  ];
  for (const asker of askers) await getsKnown(asker);
  await setRole({ email: demoted.email, role: "PARTICIPANT" });
  await setRole({ email: promoted.email, role: "ORGANIZER" });
  await endSession(askers.find(({ name }) => name === "an organizer who logged out"));
  await database().nativeDelete(User, { id: gone.id });
  return {
    askers: [...askers, ...deletedFor(askers, deleted)],
    secrets: { email: holder.email, mail: mail.words },
  };
}

type Five = [Person, Person, Person, Person, Person];

/** The same people, asking about what was deleted. */
function deletedFor(askers: Asker[], competition: Asker["competition"]): Asker[] {
  const wanted = ["nobody", "a participant with a seat", "its organizer"];
  return askers
    .filter(({ name }) => wanted.includes(name))
    .map((asker) => ({ ...asker, name: `${asker.name}, after it was deleted`, competition }));
}

async function openWithSeats(organizer: Person, people: Person[]): Promise<string> {
  const competitionId = await openCompetition({ organizerId: organizer.id });
  for (const user of people) await register({ user, competitionId });
  return competitionId;
}

async function sendMail({ id: userId, email }: Person): Promise<{ id: string; words: string }> {
  const [id, words] = [randomUUID(), `words ${randomUUID()}`];
  await database().execute(
    `insert into mail_box (id, user_id, "to", subject, body, html, dedupe_key)
     values (?, ?, ?, ?, ?, ?, ?)`,
    [id, userId, email, words, words, words, id],
  );
  return { id, words };
}

async function signedIn(person: Person): Promise<{ cookie: string; token: string }> {
  const [cookie = ""] = (await signIn(requestWith(), person.id)).split(";");
  const { accessToken } = await issueAccessToken(person);
  return { cookie, token: accessToken };
}

/** Lets the process see everybody once, so that whatever it may remember, it remembers now. */
async function getsKnown({ cookie, token }: Asker): Promise<void> {
  if (cookie) await findUser(requestWith(cookie));
  if (token) await findTokenUser(token);
}

/** Their token is taken away with the session: it would be good until it runs out. */
async function endSession(asker: Asker | undefined): Promise<void> {
  if (!asker) throw new Error("nobody logs out");
  await logOut(requestWith(asker.cookie));
  asker.token = undefined;
}

function requestWith(cookie = ""): Request {
  return new Request("http://site.example/", { headers: { cookie } });
}

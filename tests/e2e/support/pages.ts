import { expect } from "@playwright/test";
import {
  type Competition,
  call,
  closeSoon,
  freshEmail,
  HOUR_MS,
  inFuture,
  mailOf,
  openCompetition,
  type Person,
  signUp,
  signUpMany,
  takeSeat,
} from "./api";
import { siteUrl } from "./site-url";

/** People, competitions and mail, so that each page has something to show. */
export interface World {
  participant: Person;
  organizer: Person;
  open: Competition;
  full: Competition;
  closed: Competition;
  /** It opens in a while. */
  soon: Competition;
  /** The participant has a seat here, and others. */
  busy: Competition;
  draft: Competition;
  /** Its organizer has cancelled it, and said why. */
  cancelled: Competition;
  mailId: string;
}

export type Viewer = "nobody" | "participant" | "organizer";

/** A page in one of its states, and who looks at it. */
export interface PageCase {
  name: string;
  path: string | ((world: World) => string);
  viewer: Viewer;
  /** What is pressed first, to see the page as it answers. */
  press?: string;
  /** A document without scripts. */
  isPlain?: true;
}

export const PAGES: PageCase[] = [
  ...as("nobody", [
    { name: "the start page", path: "/" },
    { name: "sign-up", path: "/signup" },
    { name: "sign-up with errors", path: "/signup", press: "Create account" },
    { name: "log-in", path: "/login" },
    { name: "log-in with errors", path: "/login", press: "Log in" },
    { name: "the list", path: "/competitions" },
    { name: "what opens soon", path: "/competitions?when=soon" },
    { name: "what is past", path: "/competitions?when=past" },
    { name: "a search without results", path: "/competitions?q=zzzzzz" },
    { name: "a competition to a stranger", path: ({ open }) => `/competitions/${open.id}` },
    { name: "an organizer's page", path: ({ open }) => `/organizers/${open.organizer.id}` },
    { name: "a cancelled competition", path: ({ cancelled }) => `/competitions/${cancelled.id}` },
    { name: "a page that is not there", path: "/nowhere" },
  ]),
  ...as("participant", [
    { name: "a competition", path: ({ open }) => `/competitions/${open.id}` },
    { name: "a competition before it opens", path: ({ soon }) => `/competitions/${soon.id}` },
    { name: "a full competition", path: ({ full }) => `/competitions/${full.id}` },
    { name: "a closed competition", path: ({ closed }) => `/competitions/${closed.id}` },
    { name: "a competition with one's seat", path: ({ busy }) => `/competitions/${busy.id}` },
    { name: "the list to somebody with a seat", path: "/competitions" },
    { name: "my registrations", path: "/my-registrations" },
    { name: "my registrations to print", path: "/my-registrations/print", isPlain: true },
    { name: "one's own calendar", path: "/my-registrations/calendar" },
    { name: "the mailbox", path: "/mailbox" },
    { name: "a search in the mailbox", path: "/mailbox?q=registration&sort=subject" },
    { name: "the mailbox to print", path: "/mailbox/print", isPlain: true },
    { name: "a mail", path: ({ mailId }) => `/mailbox/${mailId}` },
    { name: "a page for another role", path: "/competitions/new" },
  ]),
  ...as("organizer", [
    { name: "one's own competition", path: ({ busy }) => `/competitions/${busy.id}` },
    { name: "my competitions", path: "/my-competitions" },
    { name: "my competitions to print", path: "/my-competitions/print", isPlain: true },
    { name: "a new competition", path: "/competitions/new" },
    {
      name: "a new competition with errors",
      path: "/competitions/new",
      press: "Create competition",
    },
    { name: "editing", path: ({ busy }) => `/competitions/${busy.id}/edit` },
    { name: "cancelling", path: ({ busy }) => `/competitions/${busy.id}/cancel` },
    { name: "a draft", path: ({ draft }) => `/competitions/${draft.id}` },
    { name: "deleting", path: ({ busy }) => `/competitions/${busy.id}/delete` },
    { name: "participants", path: ({ busy }) => `/competitions/${busy.id}/participants` },
    {
      name: "participants to print",
      path: ({ busy }) => `/competitions/${busy.id}/participants/print`,
      isPlain: true,
    },
    { name: "no participants", path: ({ open }) => `/competitions/${open.id}/participants` },
  ]),
];

/** Makes the world that the pages show. */
export async function furnish(): Promise<World> {
  const long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenwettbewerb";
  const address = `${"address".repeat(3)}.${freshEmail().replace("@", `@${"domain.".repeat(12)}`)}`;
  const participant = await signUp("PARTICIPANT", `Paula ${long}`, address);
  const organizer = await signUp("ORGANIZER", `Otto ${long}`);
  const closed = await openCompetition({ organizer });
  await closeSoon(closed);
  const open = await openCompetition({
    organizer,
    title: `Chess at the ${long}`,
    capacity: 10_000,
  });
  const full = await openCompetition({ organizer, title: "Go, sold out", capacity: 1 });
  const soon = await openCompetition({
    organizer,
    title: "Shogi, soon",
    opensAt: inFuture(HOUR_MS),
  });
  const busy = await openCompetition({
    organizer,
    title: `A marathon for the ${long}`,
    description: `${long}${long}\n\nhttps://example.com/${"path/".repeat(30)}`,
    tags: ["running", long.slice(0, 30)],
    capacity: 100,
  });
  const draft = await openCompetition({ organizer, draft: true });
  const cancelled = await openCompetition({ organizer });
  await call(`/api/competitions/${cancelled.id}/cancel`, {
    method: "POST",
    token: organizer.token,
    json: { message: long },
  });
  await takeSeat(full);
  for (const person of await signUpMany(4)) await takeSeat(busy, person);
  await takeSeat(busy, participant);

  const mails = () => mailOf(participant);
  await expect.poll(async () => (await mails()).length, { timeout: 20_000 }).toBeGreaterThan(0);
  const seats = async () => (await fetch(siteUrl(`/competitions/${closed.id}/seats`))).json();
  await expect.poll(seats).toMatchObject({ state: "closed" });
  const mailId = (await mails())[0]?.id ?? "";
  const life = { draft, cancelled };
  return { participant, organizer, open, full, closed, soon, busy, ...life, mailId };
}

function as(viewer: Viewer, pages: Omit<PageCase, "viewer">[]): PageCase[] {
  return pages.map((page) => ({ ...page, viewer }));
}

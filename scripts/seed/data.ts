/** What the seed writes. Dates are days from the day it runs, in UTC. */

export const DEMO_PASSWORD = "password123";

export interface SeedUser {
  id: string;
  email: string;
  name: string;
  role: "ORGANIZER" | "PARTICIPANT";
}

export interface SeedMoment {
  days: number;
  /** "18:00", in UTC. */
  time: string;
}

export interface SeedCompetition {
  id: string;
  title: string;
  description: string;
  tags: string[];
  capacity: number;
  organizer: string;
  regDeadline: SeedMoment;
  startDate: SeedMoment;
  /** Emails of who is registered, by seat from 1. */
  registered: string[];
}

/** Ids are part of the seed: by them a second run knows what is there. */
function seedId(kind: number, n: number): string {
  return `5eed${String(kind).padStart(4, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

const ALICE = "alice@organizer.com";
const BOB = "bob@organizer.com";
const DIANA = "diana@participant.com";
const ETHAN = "ethan@participant.com";
const FIONA = "fiona@participant.com";
const GEORGE = "george@participant.com";

export const SEED_USERS: SeedUser[] = [
  { id: seedId(1, 1), email: ALICE, name: "Alice Johnson", role: "ORGANIZER" },
  { id: seedId(1, 2), email: BOB, name: "Bob Williams", role: "ORGANIZER" },
  // Charlie is the one to try things with, and so is registered for nothing.
  {
    id: seedId(1, 3),
    email: "charlie@participant.com",
    name: "Charlie Davis",
    role: "PARTICIPANT",
  },
  { id: seedId(1, 4), email: DIANA, name: "Diana Evans", role: "PARTICIPANT" },
  { id: seedId(1, 5), email: ETHAN, name: "Ethan Foster", role: "PARTICIPANT" },
  { id: seedId(1, 6), email: FIONA, name: "Fiona Garcia", role: "PARTICIPANT" },
  { id: seedId(1, 7), email: GEORGE, name: "George Hughes", role: "PARTICIPANT" },
];

/** Oldest first; lists show the newest first. */
export const SEED_COMPETITIONS: SeedCompetition[] = [
  {
    id: seedId(2, 1),
    title: "Photo Marathon: One Day, Twelve Themes",
    description:
      "Twelve hours, twelve themes, twelve pictures in the right order. Themes are handed out at " +
      "the start and every four hours after that.\n\nBring any camera, phones included. " +
      "Pictures go to the jury as they come out of it: no editing, no cropping.",
    tags: ["photography", "outdoor"],
    capacity: 20,
    organizer: BOB,
    regDeadline: { days: -1, time: "18:00" },
    // Tomorrow: the next reminders are about this one.
    startDate: { days: 1, time: "10:00" },
    registered: [FIONA, GEORGE],
  },
  {
    id: seedId(2, 2),
    title: "Robotics Challenge: Line Followers",
    description:
      "Build a robot that follows a line faster than the others without leaving it. Kits are " +
      "provided, own robots up to 25 cm are welcome.\n\nThree runs each, the best one counts. " +
      "The workshop is open from eight.",
    tags: ["robotics", "hardware"],
    capacity: 4,
    organizer: ALICE,
    regDeadline: { days: 12, time: "18:00" },
    startDate: { days: 16, time: "09:00" },
    registered: [DIANA, ETHAN, FIONA, GEORGE],
  },
  {
    id: seedId(2, 3),
    title: "Design Jam: Signs People Understand",
    description:
      "A station, a hospital and a university lend us their worst signs. In teams of three you " +
      "redraw them, and strangers tell us which they understand.\n\nPaper, printers and a laser " +
      "cutter are there. No experience needed.",
    tags: ["design", "accessibility"],
    capacity: 30,
    organizer: BOB,
    regDeadline: { days: 40, time: "22:00" },
    startDate: { days: 45, time: "10:00" },
    registered: [GEORGE],
  },
  {
    id: seedId(2, 4),
    title: "Algorithm Sprint",
    description:
      "Eight problems, three hours, any language that the judge speaks (it speaks twenty). " +
      "Points for speed, none for guesses: a wrong answer costs ten minutes.\n\nPrizes for the " +
      "first three and for the shortest correct solution.",
    tags: ["coding", "algorithms"],
    capacity: 4,
    organizer: ALICE,
    regDeadline: { days: 9, time: "20:00" },
    startDate: { days: 11, time: "17:00" },
    registered: [DIANA, ETHAN, FIONA],
  },
  {
    id: seedId(2, 5),
    title: "City Data Hackathon",
    description:
      "Build the next big thing for your city in 48 hours, with its open data: traffic counts, " +
      "tree registers, noise maps, bus positions.\n\nTeams form on the first evening. Mentors, " +
      "food and quiet corners to sleep in are provided. The jury looks for what could run on " +
      "Monday.",
    tags: ["coding", "hackathon", "open data"],
    capacity: 100,
    organizer: ALICE,
    regDeadline: { days: 20, time: "23:59" },
    startDate: { days: 27, time: "16:00" },
    registered: [DIANA, ETHAN],
  },
];

/** The id of somebody's registration, the same in every run. */
export function seedRegistrationId(competition: SeedCompetition, seatNo: number): string {
  return seedId(3, Number(competition.id.slice(-4)) * 100 + seatNo);
}

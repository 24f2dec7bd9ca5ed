import { slugOf } from "~/domain/competitions/index.server";

export const DEMO_PASSWORD = "password123";

const ORGANIZERS = ["Alice Johnson", "Bob Williams"];
const PARTICIPANTS = [
  "Charlie Davis",
  "Diana Evans",
  "Ethan Foster",
  "Fiona Garcia",
  "George Hughes",
];

/** Charlie is the one to try things with, and so is registered for nothing. */
export const SEED_USERS = [...ORGANIZERS, ...PARTICIPANTS].map((name, index) => {
  const role = ORGANIZERS.includes(name) ? "ORGANIZER" : "PARTICIPANT";
  const email = `${name.split(" ")[0]}@${role}.com`.toLowerCase();
  return { id: seedId(1, index + 1), email, name, role };
});

const [ALICE = "", BOB = "", , DIANA = "", ETHAN = "", FIONA = "", GEORGE = ""] = SEED_USERS.map(
  ({ email }) => email,
);

/** Moments are days from the day on which the seed is written, and a time in UTC. */
const COMPETITIONS = [
  {
    title: "Photo Marathon: One Day, Twelve Themes",
    description:
      "Twelve hours, twelve themes, twelve pictures in the right order. Bring any camera, phones " +
      "included.\n\nPictures go to the jury as they come out of it: no editing, no cropping.",
    tags: ["photography", "outdoor"],
    capacity: 20,
    organizer: BOB,
    regDeadline: "-1 18:00",
    // Tomorrow: the next reminders are about this one.
    startDate: "1 10:00",
    endsAt: "1 22:00",
    location: "Old town, at the fountain on Market Square",
    registered: [FIONA, GEORGE],
  },
  {
    title: "Robotics Challenge: Line Followers",
    description:
      "Build a robot that follows a line faster than the others without leaving it. Kits are " +
      "provided, own robots up to 25 cm are welcome.\n\nThree runs each, the best one counts.",
    tags: ["robotics", "hardware"],
    capacity: 4,
    organizer: ALICE,
    regDeadline: "12 18:00",
    startDate: "16 09:00",
    endsAt: "16 17:00",
    location: "Technical Museum, Hall 3",
    registered: [DIANA, ETHAN, FIONA, GEORGE],
  },
  {
    title: "Design Jam: Signs People Understand",
    description:
      "A station, a hospital and a university lend us their worst signs. In teams of three you " +
      "redraw them.\n\nPaper, printers and a laser cutter are there. No experience needed.",
    tags: ["design", "accessibility"],
    capacity: 30,
    organizer: BOB,
    regDeadline: "40 22:00",
    startDate: "45 10:00",
    endsAt: "45 16:00",
    location: "School of Design, Riverside 12",
    registered: [GEORGE],
  },
  {
    title: "Algorithm Sprint",
    description:
      "Eight problems, three hours, any of twenty languages. A wrong answer costs ten minutes." +
      "\n\nPrizes for the first three and for the shortest correct solution.",
    tags: ["coding", "algorithms"],
    capacity: 4,
    organizer: ALICE,
    regDeadline: "9 20:00",
    startDate: "11 17:00",
    endsAt: "11 20:00",
    location: "https://meet.example/algorithm-sprint",
    registered: [DIANA, ETHAN, FIONA],
  },
  {
    title: "City Data Hackathon",
    description:
      "Build the next big thing for your city in 48 hours, with its open data.\n\nTeams form on " +
      "the first evening. Mentors, food and quiet corners to sleep in are provided.",
    tags: ["coding", "hackathon", "open data"],
    capacity: 100,
    organizer: ALICE,
    regDeadline: "20 23:59",
    startDate: "27 16:00",
    endsAt: "29 16:00",
    location: "City Hall, Main Street 1",
    registered: [DIANA, ETHAN],
  },
];

/** The rows of table `competition`, oldest first, and the email of each one's organizer. */
export function seedCompetitions(today: Date) {
  return COMPETITIONS.map(
    ({ regDeadline, startDate, endsAt, registered, ...competition }, index) => ({
      ...competition,
      slug: slugOf(competition.title),
      time_zone: "Europe/Paris",
      id: seedId(2, index + 1),
      reg_deadline: at(today, regDeadline),
      start_date: at(today, startDate),
      ends_at: at(today, endsAt),
      created_at: at(today, `${index - 10} 12:00`),
    }),
  );
}

/** The rows of table `registration`, and each participant's email. */
export function seedRegistrations(today: Date) {
  return COMPETITIONS.flatMap(({ registered }, index) =>
    registered.map((email, seat) => ({
      id: seedId(3, (index + 1) * 100 + seat + 1),
      competition_id: seedId(2, index + 1),
      email,
      status: "CONFIRMED",
      seat_no: seat + 1,
      registered_at: at(today, `-3 1${seat}:30`),
    })),
  );
}

function at(today: Date, moment: string): string {
  const [days, time] = moment.split(" ");
  const day = new Date(today);
  day.setUTCDate(day.getUTCDate() + Number(days));
  return `${day.toISOString().slice(0, 10)}T${time}:00Z`;
}

/** Ids are part of the seed: by them a second run knows what is there. */
function seedId(kind: number, n: number): string {
  return `5eed${String(kind).padStart(4, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

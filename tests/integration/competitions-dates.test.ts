import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CompetitionInput,
  type CompetitionView,
  closeRegistration,
  createCompetition,
  editCompetition,
  findCompetition,
} from "~/domain/competitions/index.server";
import { register } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { saveEditForm } from "~/routes/competitions_.$id_.edit/edit.server";
import { createWithForm } from "~/routes/competitions_.new/create.server";
import { toCompetitionForm } from "~/web/competition-form";
import { publishWithForm } from "~/web/publish";
import { closeResources } from "~/web/resources";
import { signIn } from "~/web/sessions";
import { call, newCaller } from "../support/api-client";
import { expressEntry, listen } from "../support/api-servers";
import { createPerson } from "../support/fixtures";
import { mustRegister } from "../support/registering";

const DAY_MS = 86_400_000;

let url: string;
let stop = () => {};
let organizer: Awaited<ReturnType<typeof newCaller>>;
let cookie: string;

beforeAll(async () => {
  await letClockBeSet();
  ({ url, stop } = await listen(expressEntry()));
  organizer = await newCaller("ORGANIZER");
  const [session = ""] = (await signIn(new Request(SITE), organizer.user.id)).split(";");
  cookie = session;
});
afterAll(async () => {
  stop();
  await closeResources();
});

/** The database's clock stands where `fixed.clock` says, if anywhere. Before anybody else is connected. */
async function letClockBeSet(): Promise<void> {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(`
    create schema fixed;
    create table fixed.clock (at timestamptz not null);
    create function fixed.clock_timestamp() returns timestamptz language sql as
      'select coalesce((select at from fixed.clock), pg_catalog.clock_timestamp())';
    do $$ begin
      execute format('alter database %I set search_path = fixed, pg_catalog, public', current_database());
    end $$`);
  await client.end();
}

const SITE = "http://site.example/";

const post = (fields: Record<string, string>) =>
  new Request(SITE, { method: "POST", headers: { cookie }, body: new URLSearchParams(fields) });

const THIS_MINUTE = Math.floor(Date.now() / 60_000) * 60_000;

/** In so many days, at a full minute, as forms have it. */
const at = (days: number) => new Date(THIS_MINUTE + days * DAY_MS);

const dates = { opensAt: at(1), regDeadline: at(2), startDate: at(3), endsAt: at(4) };

type Dates = Partial<Record<keyof typeof dates, Date | null>> & { lateEntry?: boolean };

function create(changes: Partial<CompetitionInput> = {}) {
  const written = { title: "Dates", description: "About it", tags: [], capacity: 3 };
  return createCompetition({
    actor: organizer.user,
    input: { ...written, ...dates, ...changes },
  });
}

const says = (words: RegExp) => expect.stringMatching(words);

const patch = (id: string, json: unknown) =>
  call(url, { method: "PATCH", path: `/api/competitions/${id}`, token: organizer.token, json });

/** Sends the form that shows a competition, with these dates in place of its own. */
function sendForm(competition: CompetitionView, { lateEntry, ...changed }: Dates) {
  const typed = Object.entries(changed).map(([name, date]) => {
    return [name, date ? date.toISOString().slice(0, 16) : ""];
  });
  const box = lateEntry === undefined ? {} : { lateEntry: lateEntry ? "yes" : "no" };
  const values = { ...toCompetitionForm(competition), ...Object.fromEntries(typed), ...box };
  return saveEditForm(post(values), competition.id);
}

describe("an order of dates that cannot be", () => {
  let ordered: CompetitionView;
  let late: CompetitionView;
  beforeAll(async () => {
    ordered = await create();
    late = await create({ lateEntry: true, startDate: at(1.5) });
  });

  test.each<[what: string, field: string, changes: Dates]>([
    ["an opening at the deadline", "opensAt", { opensAt: at(2) }],
    ["an opening after the deadline", "opensAt", { opensAt: at(2.5) }],
    ["a deadline at the opening", "regDeadline", { regDeadline: at(1) }],
    ["a deadline before the opening", "regDeadline", { regDeadline: at(0.5) }],
    ["both, the other way round", "opensAt", { opensAt: at(2), regDeadline: at(1) }],
    ["a deadline after the start", "regDeadline", { regDeadline: at(3.5) }],
    ["a start before the deadline", "startDate", { startDate: at(1.5) }],
    ["a start at the end", "startDate", { startDate: at(4) }],
    ["a start after the end", "startDate", { startDate: at(5) }],
    ["an end at the start", "endsAt", { endsAt: at(3) }],
    ["an end before the start", "endsAt", { endsAt: at(2.5) }],
    ["an end without a start", "startDate", { startDate: null }],
    ["no late entry any more", "lateEntry", { lateEntry: false }],
  ])("is refused at its field by the API and the form: %s", async (_what, field, changes) => {
    const competition = changes.lateEntry === undefined ? ordered : late;
    expect(await patch(competition.id, changes)).toMatchObject({
      status: 400,
      body: { code: "validation_failed", errors: [{ field, message: expect.any(String) }] },
    });
    const again = await sendForm(competition, changes);
    expect(again).toMatchObject({
      init: { status: 400 },
      data: { errors: { [field]: says(/./) } },
    });
    expect(await findCompetition({ id: competition.id })).toMatchObject({ version: 1 });
  });

  test.each<[what: string, changes: Dates]>([
    ["a start at the deadline", { startDate: at(2) }],
    ["a deadline at the start, which is moved there", { regDeadline: at(2.5), startDate: at(2.5) }],
    ["a later deadline and no start", { regDeadline: at(9), startDate: null, endsAt: null }],
    ["no opening, and a deadline that has passed", { opensAt: null, regDeadline: at(-1) }],
    ["a deadline that has passed after it opened", { opensAt: at(-2), regDeadline: at(-1) }],
  ])("is none of these: %s", async (_what, changes) => {
    const [byApi, byForm] = [await create(), await create()];
    expect(await patch(byApi.id, changes)).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await sendForm(byForm, changes)).toMatchObject({ status: 303 });
  });
});

describe("closing early", () => {
  test("takes effect at once: nobody registers until there is another deadline", async () => {
    const actor = organizer.user;
    const { id } = await create({ opensAt: null });
    const user = await createPerson();
    expect(await closeRegistration({ actor, id })).toEqual({ status: "closed" });
    expect(await register({ user, competitionId: id })).toEqual({ status: "deadline_passed" });
    expect(await findCompetition({ id })).toMatchObject({ state: "closed", version: 2 });
    expect(await closeRegistration({ actor, id })).toEqual({ status: "not_open" });
    await editCompetition({ actor, id, changes: { regDeadline: at(1) } });
    await mustRegister(user, id);
  });

  test.each([
    ["a moment before the opening", -0.4, "not_open", 86_400_000],
    ["at the opening", 0, "closed", 1],
    ["in the millisecond of the opening", 0.4, "closed", 1],
    ["in the second half of it", 0.6, "closed", 1],
    ["two milliseconds after it", 2.6, "closed", 2],
  ])("leaves a deadline after the opening: %s", async (_when, afterMs, status, deadlineAfterMs) => {
    const { id, opensAt } = await create();
    await database().execute(
      "insert into fixed.clock values (?::timestamptz + make_interval(secs => ?))",
      [opensAt?.toISOString() ?? "", afterMs / 1_000],
    );
    try {
      expect(await closeRegistration({ actor: organizer.user, id })).toEqual({ status });
    } finally {
      await database().execute("delete from fixed.clock");
    }
    const closed = await findCompetition({ id });
    expect(Number(closed?.regDeadline) - Number(opensAt)).toBe(deadlineAfterMs);
  });
});

describe("a draft without a deadline", () => {
  const written = {
    title: "Some day",
    description: "Nobody knows when.",
    capacity: "5",
    "regDeadline-date": "",
    "regDeadline-time": "",
    timeZone: "UTC",
  };

  async function draft() {
    const saved = await createWithForm(post({ ...written, draft: "yes" }));
    if (!(saved instanceof Response)) throw new Error("the draft was not saved");
    const id = saved.headers.get("Location")?.split("/").at(-1) ?? "";
    const look = async () => {
      const found = await findCompetition({ id, viewer: organizer.user });
      if (!found) throw new Error("there is no draft");
      return found;
    };
    const send = async (changes: Record<string, string>) =>
      saveEditForm(post({ ...toCompetitionForm(await look()), ...changes }), id);
    return { id, look, send };
  }

  test("is saved and written on, and published once it has one", async () => {
    const { id, look, send } = await draft();
    expect(await look()).toMatchObject({ status: "draft", title: "Some day", version: 1 });
    expect(await send({ title: "One day", startDate: "2040-03-08T09:00" })).toMatchObject({
      status: 303,
    });
    expect(await look()).toMatchObject({ title: "One day", version: 2 });
    const unpublished = await publishWithForm(post({}), id);
    expect(unpublished.headers.get("Location")).toBe(`/competitions/${id}/edit`);
    expect(await send({ publish: "yes" })).toMatchObject({
      init: { status: 400 },
      data: { errors: { regDeadline: says(/Enter a date and a time/) } },
    });
    const regDeadline = "2040-03-01T18:00";
    expect(await send({ regDeadline })).toMatchObject({ status: 303 });
    expect(await send({ regDeadline: "" })).toMatchObject({ status: 303 });
    expect(toCompetitionForm(await look())).toMatchObject({ regDeadline: "" });
    expect(await send({ regDeadline, publish: "yes" })).toMatchObject({ status: 303 });
    expect(await look()).toMatchObject({ status: "published", seatsLeft: 5 });
    const gone = { actor: organizer.user, id, changes: { regDeadline: null } };
    expect(await editCompetition(gone)).toMatchObject({ fields: [{ field: "regDeadline" }] });
  });

  test("has no opening either, and says that the deadline is missing", async () => {
    const opensAt = "2040-02-01T18:00";
    const missing = { opensAt: says(/needs a registration deadline/) };
    expect(await createWithForm(post({ ...written, opensAt, draft: "yes" }))).toMatchObject({
      init: { status: 400 },
      data: { errors: missing },
    });
    const { id, send } = await draft();
    expect(await send({ opensAt })).toMatchObject({
      init: { status: 400 },
      data: { errors: missing },
    });
    const refused = { errors: [{ field: "opensAt", message: missing.opensAt }] };
    expect(await patch(id, { opensAt: at(1) })).toMatchObject({ status: 400, body: refused });
    const created = await createWithForm(post(written));
    expect(created, "what is no draft").toMatchObject({
      init: { status: 400 },
      data: { errors: { regDeadline: says(/./) } },
    });
  });
});

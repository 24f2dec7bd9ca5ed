import { randomUUID } from "node:crypto";
import { redirect } from "@remix-run/node";
import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "~/domain/registration/index.server";
import { carryOutPress, findPressed, keepingPress } from "~/web/press";
import { closeResources } from "~/web/resources";
import { requireUser, takeFlash } from "~/web/sessions";
import { confirmedSeats, createPerson, openCompetition, type Person } from "../support/fixtures";

afterAll(closeResources);

const pathOf = (id: string) => `/competitions/${id}`;

function request(path: string, cookie = ""): Request {
  return new Request(`http://site.example${path}`, { headers: { cookie } });
}

/** Presses a button of the page as nobody. @returns the redirect, and what the browser sends back */
async function press(id: string, more: Record<string, string> = {}) {
  const values = { intent: "register", idempotencyKey: randomUUID(), entrance: "signup", ...more };
  const posted = new Request(`http://site.example${pathOf(id)}`, { method: "POST" });
  const thrown: unknown = await keepingPress(posted, values, () => requireUser(posted)).catch(
    (error: unknown) => error,
  );
  if (!(thrown instanceof Response)) throw new Error("nobody was sent away");
  const set = thrown.headers.getSetCookie();
  const cookie = set.map((one) => one.split(";")[0]).join("; ");
  return { to: thrown.headers.get("Location"), set: set.join("\n"), cookie };
}

/** Comes in by the login or sign-up page that leads there. @returns what the next page says */
async function comeIn(user: Person, cookie: string, redirectTo: string) {
  const cookies = await carryOutPress(request("/login", cookie), { user, redirectTo, context: {} });
  const flashed = cookies.find((one) => one.startsWith("flash="))?.split(";")[0] ?? "";
  const shown = await takeFlash(request("/", flashed));
  return { cookies: cookies.join("\n"), says: shown?.message };
}

test("a guest's press waits, names its competition, and is carried out once under its key", async () => {
  const id = await openCompetition({ title: "Chess by night" });
  const { to, set, cookie } = await press(id);
  expect(to).toBe(`/signup?redirectTo=${encodeURIComponent(pathOf(id))}`);
  expect(set).toMatch(/^press=[^;]+; Max-Age=1800; Path=\/; HttpOnly; SameSite=Lax$/);
  expect(await findPressed(request("/signup", cookie), pathOf(id))).toBe("Chess by night");

  const user = await createPerson();
  const first = await comeIn(user, cookie, pathOf(id));
  expect(first.says).toBe("You are registered. Your seat is number 1.");
  expect(first.cookies).toContain("press=; Max-Age=0");
  expect(await confirmedSeats(id)).toMatchObject([{ userId: user.id, seatNo: 1 }]);
  // The form comes twice: a double click, or the Back button.
  expect((await comeIn(user, cookie, pathOf(id))).says).toBe(first.says);
  expect(await confirmedSeats(id)).toHaveLength(1);
  await cancelRegistration({ actor: user, competitionId: id });
  expect((await comeIn(user, cookie, pathOf(id))).says).toContain("Press Register once more.");
  expect(await confirmedSeats(id)).toEqual([]);
});

test("somebody who was logged out meanwhile logs in, and is told what will happen", async () => {
  const id = await openCompetition();
  const { to, cookie } = await press(id, { entrance: "" });
  expect(to).toBe(`/login?redirectTo=${encodeURIComponent(pathOf(id))}`);
  expect((await takeFlash(request("/", cookie)))?.message).toContain("registered right away");
});

test("nothing is carried out for somebody who goes elsewhere, a forged press, or another button", async () => {
  const [id, other] = [await openCompetition(), await openCompetition()];
  const user = await createPerson();
  const { cookie } = await press(id);
  for (const to of ["", "/competitions", pathOf(other), `${pathOf(id)}/edit`]) {
    expect(await findPressed(request("/login", cookie), to)).toBeNull();
    // The next who comes in on this browser may be somebody else, who pressed nothing.
    expect((await comeIn(user, cookie, to)).cookies).toContain("press=; Max-Age=0");
  }
  const values = { intent: "register", idempotencyKey: "a-guess" };
  const forged = Buffer.from(JSON.stringify({ path: pathOf(id), values })).toString("base64");
  const [, signature] = cookie.split(".");
  for (const made of [forged, `${forged}.${signature}`]) {
    expect((await comeIn(user, `press=${made}`, pathOf(id))).cookies).toBe("");
  }
  expect(await confirmedSeats(id)).toEqual([]);
  for (const [name, value] of [
    ["intent", "cancel"],
    ["idempotencyKey", "x".repeat(1_000)],
  ] as const) {
    const { to, set } = await press(id, { [name]: value });
    expect(to).toContain("/login?");
    expect(set).not.toContain("press=");
  }
});

test("who gets a place in line is told that they have no seat", async () => {
  const id = await openCompetition({ capacity: 1, waitlistLimit: 5 });
  await comeIn(await createPerson(), (await press(id)).cookie, pathOf(id));
  const { cookie } = await press(id, { waitlist: "yes" });
  const { says } = await comeIn(await createPerson(), cookie, pathOf(id));
  expect(says).toBe("You are in line: no seat is free yet.");
});

test("a press that came to nothing is explained in the page's words, and its visitor is signed in", async () => {
  const full = await openCompetition({ capacity: 1 });
  const closed = await openCompetition({ closesInMs: -1_000 });
  const { cookie: early } = await press(full);
  await comeIn(await createPerson(), (await press(full)).cookie, pathOf(full));
  const user = await createPerson();
  expect((await comeIn(user, early, pathOf(full))).says).toContain("The last seat went to");
  const late = await comeIn(user, (await press(closed)).cookie, pathOf(closed));
  expect(late.says).toContain("The deadline passed");
  const gone = randomUUID();
  const { cookie } = await press(gone);
  expect(await findPressed(request("/login", cookie), pathOf(gone))).toBeNull();
  expect((await comeIn(user, cookie, pathOf(gone))).says).toBeUndefined();
});

test("an organizer is told that organizers cannot register", async () => {
  const id = await openCompetition();
  const { cookie } = await press(id);
  const { says } = await comeIn(await createPerson("ORGANIZER"), cookie, pathOf(id));
  expect(says).toContain("organizers cannot register");
  expect(await confirmedSeats(id)).toEqual([]);
});

test("whatever else leads to the login page passes through", async () => {
  const other = redirect("/login", 303);
  const failing = async () => {
    throw new Response(null, { status: 403 });
  };
  const posted = request(pathOf(randomUUID()));
  await expect(keepingPress(posted, { intent: "register" }, failing)).rejects.toHaveProperty(
    "status",
    403,
  );
  expect(await keepingPress(posted, {}, async () => other)).toBe(other);
});

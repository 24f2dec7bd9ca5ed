import { freshEmail, openCompetition, PASSWORD, signUp } from "./support/api";
import { fillDate } from "./support/dates";
import { siteUrl } from "./support/site-url";
import { expect, test } from "./support/test";

const NOBODY = "00000000-0000-4000-8000-000000000000";

test("a list's address may say anything and is answered with a list", async ({ page, request }) => {
  const queries = [
    "?page=-1&tag=%3Cscript%3E",
    "?q=%F0%9F%98%80%E2%80%AE&page=999999",
    `?q=${"x".repeat(5_000)}`,
    "?page=1e9&q=",
    "?page=NaN&tag=NaN",
    "?page=1&page=2",
    "?q=%25_%5C%27%22%3B--",
    "?tag[]=a&q[$ne]=1",
    "?__proto__=1&constructor=2",
    "?",
  ];
  for (const query of queries) {
    const answer = await request.get(`/competitions${query}`);
    expect(answer.status(), query.slice(0, 60)).toBe(200);
    expect(await answer.text()).toContain("<h1");
  }
  for (const query of queries.slice(0, 3)) {
    await page.goto(`/competitions${query}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/competitions/i);
  }
});

test("an address that cannot be read is answered with 400 and a way on", async ({ request }) => {
  const paths = [
    "/competitions?_data=routes%2Fcompetitions",
    "/?_data=root",
    "/competitions?tag=%00",
    "/competitions/%00",
    "/%E0%A4%A",
    "/competitions/%",
  ];
  for (const path of paths) {
    const answer = await request.get(path);
    expect(answer.status(), path).toBe(400);
    expect(await answer.text()).toContain("<a href");
  }
});

test("a name and a title with a link in them come back with the reason at the field", async ({
  page,
  signIn,
}) => {
  await page.goto("/signup");
  await page.getByLabel("Name").fill("Win at evil.example/pay");
  await page.getByLabel("Email").fill(freshEmail());
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Name")).toHaveAccessibleDescription(/a web or email address/);
  await signIn(await signUp("ORGANIZER"));
  await page.goto("/competitions/new");
  await page.getByLabel("Title").fill("Node.js at www.evil.example");
  await page.getByRole("button", { name: "Create competition" }).click();
  await expect(page.getByLabel("Title")).toHaveAccessibleDescription(/put it in the description/);
});

test("ten thousand letters of any script are a description, and one more is told so", async ({
  page,
  signIn,
}) => {
  await signIn(await signUp("ORGANIZER"));
  await page.goto("/competitions/new");
  await page.getByLabel("Title").fill("🎉".repeat(201));
  await page.getByLabel("Description").fill("漢".repeat(10_001));
  await page.getByLabel("Capacity").fill("１,０００");
  await fillDate(page, "Registration deadline", "2031-06-01T12:00");
  await page.getByRole("button", { name: "Create competition" }).click();
  await expect(page.getByLabel("Description")).toHaveAccessibleDescription(/at most 10,000/);
  await expect(page.getByLabel("Description")).toHaveValue("漢".repeat(10_001));
  await expect(page.getByLabel("Title")).toHaveAccessibleDescription(/at most 200/);
  await page.getByLabel("Description").fill("漢".repeat(10_000));
  await page.getByLabel("Title").fill("🎉".repeat(200));
  await page.getByRole("button", { name: "Create competition" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("🎉".repeat(200));
});

test("an unknown address is answered with 404 and a way on", async ({ context, page, signIn }) => {
  const paths = [
    "/nowhere",
    "/competitions/1",
    `/competitions/${NOBODY}`,
    `/competitions/${NOBODY}/edit`,
    `/competitions/${NOBODY}/participants`,
    `/competitions/${NOBODY}/participants.csv`,
    `/competitions/${NOBODY}/delete`,
    `/competitions/${NOBODY}/nothing`,
    `/competitions/${"9".repeat(2_000)}`,
    "/competitions/'; drop table competition; --",
    `/mailbox/${NOBODY}`,
    "/mailbox/1",
    "/.env",
    "/build/nothing.js",
    "/wp-login.php",
  ];
  await signIn(await signUp("ORGANIZER"));
  for (const path of paths) {
    const answer = await context.request.get(siteUrl(path));
    expect(answer.status(), path.slice(0, 80)).toBe(404);
  }
  expect((await page.goto("/nowhere"))?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is nothing here");
  await page.getByRole("main").getByRole("link", { name: "See all competitions" }).click();
  await expect(page).toHaveURL("/competitions");
});

test("with scripts, a link to what was deleted leads to the same page", async ({
  page,
  request,
  visit,
}) => {
  const { id, title, organizer } = await openCompetition();
  await visit(`/competitions?q=${encodeURIComponent(title)}`);
  const headers = { Authorization: `Bearer ${organizer.token}` };
  await request.delete(siteUrl(`/api/competitions/${id}`), { headers });
  await page.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This was taken down");
  await expect(page.getByRole("banner").getByRole("link", { name: "Mini Compete" })).toBeVisible();
});

test("a form may send anything and never breaks the site", async ({ context, signIn }) => {
  const organizer = await signUp("ORGANIZER");
  const { id } = await openCompetition({ organizer });
  const good = { title: "A", description: "B", capacity: "3", regDeadline: "2040-01-01T10:00" };
  const forms: [string, Record<string, string>, number][] = [
    ["/competitions/new", {}, 400],
    ["/competitions/new", { ...good, title: "x".repeat(201) }, 400],
    ["/competitions/new", { ...good, title: "a\u0000b" }, 400],
    ["/competitions/new", { ...good, title: " \t " }, 400],
    ["/competitions/new", { ...good, description: "x".repeat(10_001) }, 400],
    ["/competitions/new", { ...good, capacity: "1e3" }, 400],
    ["/competitions/new", { ...good, capacity: "-5" }, 400],
    ["/competitions/new", { ...good, capacity: "99999999999999999999" }, 400],
    ["/competitions/new", { ...good, tags: "a,".repeat(500) + "b".repeat(31) }, 400],
    ["/competitions/new", { ...good, regDeadline: "2040-02-30T10:00" }, 400],
    ["/competitions/new", { ...good, regDeadline: "tomorrow" }, 400],
    ["/competitions/new", { ...good, regDeadline: "9999-12-31T23:59", startDate: "x" }, 400],
    ["/competitions/new", { ...good, timeZone: "Mars/Olympus", capacity: "" }, 400],
    ["/competitions/new", { ...good, title: "x".repeat(70_000) }, 413],
    [`/competitions/${id}/edit`, { ...good, capacity: "0" }, 400],
    [`/competitions/${NOBODY}/edit`, good, 404],
    ["/competitions", {}, 405],
    ["/nowhere", {}, 404],
  ];
  await signIn(organizer);
  for (const [path, form, status] of forms) {
    const answer = await context.request.post(siteUrl(path), { form, maxRedirects: 0 });
    expect(answer.status(), `${path} ${JSON.stringify(form).slice(0, 120)}`).toBe(status);
  }
});

test("a login and a sign-up may send anything and let nobody in", async ({ context }) => {
  const good = { name: "A", email: "a@example.com", password: PASSWORD, role: "PARTICIPANT" };
  const forms: [string, Record<string, string>][] = [
    ["/login", {}],
    ["/login", { email: "a@example.com", password: "\u0000".repeat(8) }],
    ["/login", { email: `${"a".repeat(300)}@example.com`, password: PASSWORD }],
    ["/login", { email: "' or 1=1 --", password: PASSWORD }],
    ["/signup", {}],
    ["/signup", { ...good, name: " " }],
    ["/signup", { ...good, name: "x".repeat(101) }],
    ["/signup", { ...good, email: "a@b@c" }],
    ["/signup", { ...good, password: "ä".repeat(37) }],
    ["/signup", { ...good, password: "1234567" }],
    ["/signup", { ...good, role: "ADMIN" }],
  ];
  for (const [path, form] of forms) {
    const answer = await context.request.post(siteUrl(path), { form, maxRedirects: 0 });
    expect(answer.status(), `${path} ${JSON.stringify(form).slice(0, 120)}`).toBe(400);
    expect(answer.headers()["set-cookie"] ?? "").not.toContain("session=");
  }
});

test("a registration form may send anything and takes no seat", async ({ context, signIn }) => {
  const { id } = await openCompetition();
  await signIn(await signUp());
  const url = siteUrl(`/competitions/${id}`);
  const bodies: Record<string, string>[] = [
    {},
    { intent: "register" },
    { intent: "register", idempotencyKey: "" },
    { intent: "register", idempotencyKey: "k".repeat(256) },
    { intent: "register", idempotencyKey: "two words" },
    { intent: "register", idempotencyKey: "ä" },
  ];
  for (const form of bodies) {
    const answer = await context.request.post(url, { form });
    expect(answer.status(), JSON.stringify(form).slice(0, 80)).toBe(400);
    expect(await answer.text()).toContain("Press Register once more");
  }
  const file = { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") };
  const upload = await context.request.post(url, { multipart: { idempotencyKey: file } });
  expect(upload.status()).toBe(400);
  const json = await context.request.post(url, { data: { idempotencyKey: "k" } });
  expect(json.status()).toBe(400);
  const form = { intent: "register", idempotencyKey: "k" };
  const missing = await context.request.post(siteUrl(`/competitions/${NOBODY}`), { form });
  expect(missing.status()).toBe(404);
});

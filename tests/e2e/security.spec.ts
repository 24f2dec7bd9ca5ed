import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  call,
  mailOf,
  openCompetition,
  PASSWORD,
  participantsOf,
  signUp,
  takeSeat,
} from "./support/api";
import { logIn } from "./support/controls";
import { siteUrl } from "./support/site-url";
import { expect, MODES, test } from "./support/test";

test.describe("a form that another site sends", () => {
  let server: Server;
  let elsewhere: string;
  let action = "";

  test.beforeAll(async () => {
    // Another port is another origin, yet the same site to a SameSite cookie: the harder case.
    server = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/html").end(
        `<form method="post" action="${action}"><input name="intent" value="register">
         <input name="idempotencyKey" value="theirs"><button>Win a prize</button></form>`,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  test.afterAll(() => {
    server.close();
  });

  test("changes nothing, although the visitor is signed in", async ({ page, signIn }) => {
    const competition = await openCompetition();
    await signIn(await signUp());
    action = siteUrl(`/competitions/${competition.id}`);
    await page.goto(elsewhere);
    const answered = page.waitForResponse((response) => response.url() === action);
    await page.getByRole("button", { name: "Win a prize" }).click();
    expect((await answered).status()).toBe(403);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/another site/);
    expect(await participantsOf(competition)).toEqual([]);
  });

  test("is refused whatever it says about itself", async ({ request }) => {
    const claims: Record<string, string>[] = [
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { Origin: "https://evil.example", "X-Forwarded-Host": "evil.example" },
      { Origin: `${siteUrl("/").slice(0, -1)}.evil.example` },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
    ];
    const form = { email: "a@example.com", password: PASSWORD };
    for (const headers of claims) {
      for (const path of ["/login", "/signup", "/logout", "/competitions/new", "/login.data"]) {
        const answer = await request.post(siteUrl(path), { form, headers, maxRedirects: 0 });
        expect(answer.status(), `${path} ${JSON.stringify(headers)}`).toBe(403);
      }
    }
  });
});

test("no other site is allowed to read what this one answers", async ({ request }) => {
  const headers = { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
  for (const path of ["/", "/login", "/favicon.svg", "/healthz", "/api/competitions"]) {
    for (const method of ["GET", "OPTIONS"]) {
      const answer = await request.fetch(siteUrl(path), { method, headers });
      const allowed = Object.keys(answer.headers()).filter((name) => name.startsWith("access-"));
      expect(allowed, `${method} ${path}`).toEqual([]);
    }
  }
});

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`logging in ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("never leads off the site", async ({ page, visit }) => {
      const { email } = await signUp();
      await visit(`/login?redirectTo=${encodeURIComponent("//evil.example")}`);
      await logIn(page, email);
      await expect(page).toHaveURL("/competitions");
    });

    test("never shows the password again, nor whether there is an account", async ({
      page,
      visit,
    }) => {
      const { email } = await signUp();
      const secret = "wrong-and-secret-1";
      const said: string[] = [];
      const answers: string[] = [];
      // Of what may not be kept, the browser does not keep the text for its tools either.
      await page.route(/\/login/, async (route) => {
        if (route.request().method() !== "POST") return route.fallback();
        const response = await route.fetch();
        answers.push(await response.text());
        return route.fulfill({ response });
      });
      await visit("/login");
      for (const address of [email, `not-${email}`]) {
        await logIn(page, address, secret);
        await expect(page.getByLabel("Email")).toHaveValue(address);
        await expect(page.getByLabel("Password")).toHaveValue("");
        said.push(await page.getByRole("alert").innerText());
        expect(await page.content()).not.toContain(secret);
      }
      expect(answers).toHaveLength(2);
      expect(answers.join()).toContain("do not match");
      expect(answers.join()).not.toContain(secret);
      expect(said[0]).toContain("do not match");
      expect(said[1]).toBe(said[0]);
    });
  });
}

test("logging in leads to addresses on the site only, however they are disguised", async ({
  request,
}) => {
  const { email } = await signUp();
  const leads = {
    "/mailbox?a=b#c": "/mailbox?a=b#c",
    "https://evil.example/": "/competitions",
    "//evil.example": "/competitions",
    "/\\evil.example": "/competitions",
    "/\t/evil.example": "/competitions",
    "/.//evil.example": "/competitions",
    "javascript:alert(1)": "/competitions",
  };
  for (const [redirectTo, location] of Object.entries(leads)) {
    const form = { email, password: PASSWORD, redirectTo };
    const answer = await request.post(siteUrl("/login"), { form, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    expect(answer.headers().location, redirectTo).toBe(location);
  }
});

test.describe("a session", () => {
  test("opens nothing after logging out, even with a copy of its cookie", async ({
    context,
    page,
    signIn,
  }) => {
    await signIn(await signUp());
    const kept = await context.cookies();
    await page.goto("/mailbox");
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page.getByText("You are logged out.")).toBeVisible();
    await context.addCookies(kept);
    await page.goto("/mailbox");
    await expect(page).toHaveURL("/login?redirectTo=%2Fmailbox");
  });

  test("gets a new id with each login, whatever id was planted before", async ({
    context,
    signIn,
  }) => {
    const [victim, attacker] = [await signUp(), await signUp()];
    await signIn(attacker);
    const planted = (await context.cookies()).find(({ name }) => name === "session");
    await signIn(victim);
    const own = (await context.cookies()).find(({ name }) => name === "session");
    expect(own?.value).not.toBe(planted?.value);
    expect(own).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  });

  test("is nothing to the API, which takes tokens only", async ({ context, signIn }) => {
    const competition = await openCompetition();
    await signIn(await signUp());
    expect((await context.request.get(siteUrl("/api/auth/me"))).status()).toBe(401);
    const url = siteUrl(`/api/competitions/${competition.id}/register`);
    expect((await context.request.post(url, { data: {} })).status()).toBe(401);
  });
});

test.describe("what people write", () => {
  const script = `<script>window.hacked = true</script><img src=x onerror="window.hacked = true">`;

  test("is text and never markup", async ({ page, visit, signIn }) => {
    const organizer = await signUp("ORGANIZER", `Otto ${script}`);
    const competition = await openCompetition({
      organizer,
      title: `Chess ${script}`,
      description: `Bring </script>${script} "quotes" & ampersands`,
    });
    const participant = await signUp("PARTICIPANT", `Paula ${script}`);
    await takeSeat(competition, participant);
    await signIn(participant);
    await visit(`/competitions/${competition.id}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(competition.title);
    await expect(page.getByText("Bring </script>")).toBeVisible();
    const mails = async () => (await mailOf(participant)).length;
    await expect.poll(mails, { timeout: 20_000 }).toBe(1);
    await page.goto("/mailbox");
    await page.getByRole("link", { name: `confirmed: ${competition.title}` }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(competition.title);
    await signIn(organizer);
    await visit(`/competitions/${competition.id}/participants`);
    await expect(page.getByRole("rowheader", { name: "Paula" })).toContainText(script);
    await visit(`/competitions/${competition.id}/edit`);
    await expect(page.getByLabel("Title")).toHaveValue(competition.title);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  });

  test("tells strangers no address", async ({ page }) => {
    const organizer = await signUp("ORGANIZER", "Otto Organizer");
    const { id, title } = await openCompetition({ organizer });
    for (const path of [`/competitions/${id}`, `/competitions?q=${encodeURIComponent(title)}`]) {
      await page.goto(path);
      await expect(page.getByText("Otto Organizer").first()).toBeVisible();
      expect(await page.content()).not.toContain(organizer.email);
    }
    const open = await call<{ organizer: object }>(`/api/competitions/${id}`);
    expect(open.body.organizer).toEqual({ id: organizer.id, name: "Otto Organizer" });
  });
});

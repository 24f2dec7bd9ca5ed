import { expect, test } from "@playwright/test";
import { freshEmail, HOUR_MS, inFuture } from "./support/api";
import { type CurlReply, curl, hasCurl } from "./support/curl";
import { siteUrl } from "./support/site-url";

const JSON_TYPE = ["-H", "Content-Type: application/json"];

// The predecessor's manual test, its paths with /api before them.
test.describe("a tester in a terminal", () => {
  test.skip(!hasCurl, "There is no curl on this machine.");

  test("walks through the predecessor's manual test", async () => {
    const participant = await signUp("PARTICIPANT");
    const organizer = await signUp("ORGANIZER");
    const competition = await create(organizer.token);

    const key = ["-H", "idempotency-key: test-key-123"];
    const first = await register(participant.token, competition.id, ...key);
    expect(first.status).toBe(201);
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(first.body).toMatchObject({
      competitionId: competition.id,
      userId: participant.id,
      seatNo: 1,
      user: { email: participant.email },
      competition: { id: competition.id, title: "Test Competition" },
    });
    const retry = await register(participant.token, competition.id, ...key);
    expect(retry.status).toBe(201);
    expect(retry.headers.get("idempotent-replayed")).toBe("true");
    expect(retry.body).toEqual(first.body);
    const again = await register(participant.token, competition.id);
    expectProblem(again, 409, "already_registered");

    const own = await curl(...as(participant.token), siteUrl("/api/competitions/my-registrations"));
    expect(own.status).toBe(200);
    expect(own.body).toMatchObject([
      { id: first.body.id, competition: { id: competition.id, title: "Test Competition" } },
    ]);
    const list = siteUrl(`/api/competitions/${competition.id}/participants`);
    const participants = await curl(...as(organizer.token), list);
    expect(participants.body).toMatchObject([{ seatNo: 1, user: { email: participant.email } }]);

    const inbox = () => curl(...as(participant.token), siteUrl("/api/mailbox"));
    await expect.poll(async () => (await inbox()).body.length, { timeout: 20_000 }).toBe(1);
    expect((await inbox()).body[0]).toMatchObject({
      to: participant.email,
      subject: "Registration confirmed: Test Competition",
      body: expect.stringContaining("seat"),
      jobId: expect.any(String),
    });

    const path = siteUrl(`/api/competitions/${competition.id}/register`);
    const cancelled = await curl("-X", "DELETE", ...as(participant.token), path);
    expect(cancelled.status).toBe(204);
    expect(cancelled.body).toBe("");
    const twice = await curl("-X", "DELETE", ...as(participant.token), path);
    expectProblem(twice, 404, "not_found");
  });

  test("signs up and logs in as the document shows", async () => {
    const { email } = await signUp("PARTICIPANT");
    const taken = await post("/api/auth/signup", account(email, "PARTICIPANT"));
    expectProblem(taken, 409, "conflict");

    const login = await post("/api/auth/login", { email, password: "password123" });
    expect(login.status).toBe(200);
    expect(login.body).toMatchObject({ token_type: "Bearer", user: { email } });
    const me = await curl(...as(login.body.access_token), siteUrl("/api/auth/me"));
    expect(me.body).toEqual({
      id: login.body.user.id,
      email,
      name: "Test User",
      role: "PARTICIPANT",
    });

    const wrong = await post("/api/auth/login", { email, password: "password124" });
    const unknown = await post("/api/auth/login", { email: freshEmail(), password: "password123" });
    expectProblem(wrong, 401, "unauthorized");
    const { requestId: _one, ...wrongBody } = wrong.body;
    const { requestId: _other, ...unknownBody } = unknown.body;
    expect(wrongBody).toEqual(unknownBody);
  });

  test("logs in with the accounts that the document names", async () => {
    const accounts = [
      ["alice@organizer.com", "ORGANIZER"],
      ["charlie@participant.com", "PARTICIPANT"],
    ];
    for (const [email, role] of accounts) {
      const login = await post("/api/auth/login", { email, password: "password123" });
      expect(login.status).toBe(200);
      expect(login.body.user.role).toBe(role);
    }
    const seeded = await curl(siteUrl("/api/competitions?limit=100"));
    expect(seeded.body.length).toBeGreaterThanOrEqual(5);
  });

  test("is refused in the documented words", async () => {
    const participant = await signUp("PARTICIPANT");
    const organizer = await signUp("ORGANIZER");
    const { id } = await create(organizer.token);
    const nowhere = "00000000-0000-4000-8000-000000000000";
    expectProblem(await curl(siteUrl("/api/auth/me")), 401, "unauthorized");
    expectProblem(await curl(...as("nonsense"), siteUrl("/api/auth/me")), 401, "unauthorized");
    expectProblem(await create(participant.token, 403), 403, "forbidden");
    expectProblem(await register(organizer.token, id), 403, "forbidden");
    expectProblem(await register(participant.token, nowhere), 404, "not_found");
    expectProblem(await register(participant.token, "1"), 404, "not_found");
    expectProblem(
      await register(participant.token, id, "-H", "Idempotency-Key: two words"),
      400,
      "validation_failed",
    );
    const broken = await curl("-X", "POST", ...JSON_TYPE, "-d", "{", siteUrl("/api/auth/login"));
    expectProblem(broken, 400, "validation_failed");
    const form = await curl("-d", "email=a", siteUrl("/api/auth/login"));
    expect(form.status).toBe(415);
    const method = await curl("-X", "PUT", siteUrl("/api/competitions"));
    expect(method.status).toBe(405);
    expect(method.headers.get("allow")).toContain("POST");
  });
});

async function signUp(role: "PARTICIPANT" | "ORGANIZER") {
  const email = freshEmail();
  const reply = await post("/api/auth/signup", account(email, role));
  expect(reply.status).toBe(201);
  expect(reply.body).toMatchObject({ token_type: "Bearer", user: { email, role } });
  return { id: reply.body.user.id, email, token: String(reply.body.access_token) };
}

function account(email: string, role: string) {
  return { name: "Test User", email, password: "password123", role };
}

async function create(token: string, status = 201) {
  const competition = {
    title: "Test Competition",
    description: "Testing",
    tags: ["test"],
    capacity: 50,
    regDeadline: inFuture(24 * HOUR_MS),
    startDate: inFuture(48 * HOUR_MS),
  };
  const reply = await post("/api/competitions", competition, ...as(token));
  expect(reply.status).toBe(status);
  if (status !== 201) return reply;
  expect(reply.body).toMatchObject(competition);
  return reply.body;
}

function register(token: string, id: string, ...more: string[]): Promise<CurlReply> {
  return post(`/api/competitions/${id}/register`, {}, ...as(token), ...more);
}

function post(path: string, body: unknown, ...more: string[]): Promise<CurlReply> {
  return curl("-X", "POST", siteUrl(path), ...JSON_TYPE, ...more, "-d", JSON.stringify(body));
}

function as(token: string): string[] {
  return ["-H", `Authorization: Bearer ${token}`];
}

function expectProblem(reply: CurlReply, status: number, code: string): void {
  expect(reply.status, JSON.stringify(reply.body)).toBe(status);
  expect(reply.headers.get("content-type")).toContain("application/problem+json");
  expect(reply.body).toMatchObject({ status, code, type: expect.any(String) });
  expect(reply.body).toMatchObject({ title: expect.any(String), requestId: expect.any(String) });
}

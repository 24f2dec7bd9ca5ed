import { expect, test } from "@playwright/test";
import {
  call,
  mailOf,
  openCompetition,
  participantsOf,
  readCompetition,
  register,
  signUp,
  signUpMany,
  takeSeat,
} from "./support/api";

test.describe("over HTTP", () => {
  test("the last seat goes to exactly one of fifty", async () => {
    // Fifty passwords to hash come first, on however busy a machine.
    test.slow();
    const competition = await openCompetition({ capacity: 3 });
    await takeSeat(competition);
    await takeSeat(competition);
    const people = await signUpMany(50);

    const replies = await Promise.all(people.map((person) => register(person, competition)));
    const winners = replies.filter(({ status }) => status === 201);
    const losers = replies.filter(({ status }) => status !== 201);
    expect(winners).toHaveLength(1);
    expect(losers.map(({ status, body }) => ({ status, body }))).toEqual(
      losers.map(() => ({
        status: 409,
        body: expect.objectContaining({ code: "competition_full" }),
      })),
    );
    const seated = await participantsOf(competition);
    expect(seated.map(({ seatNo }) => seatNo)).toEqual([1, 2, 3]);
    expect(seated.map(({ id }) => id)).toContain(winners[0]?.body.id);
    expect(await readCompetition(competition.id)).toMatchObject({ seatsLeft: 0 });
  });

  test("the same request fifty times with one key is one registration and one mail", async () => {
    const [competition, later] = [await openCompetition(), await openCompetition()];
    const person = await signUp();

    const replies = await Promise.all(
      Array.from({ length: 50 }, () => register(person, competition, "one-and-the-same")),
    );
    const [first, ...others] = replies.filter(({ status }) => status === 201);
    for (const { body } of others) expect(body).toEqual(first?.body);
    // Requests that came while the first was being written may have been asked to come back.
    for (const { status, body, headers } of replies.filter(({ status }) => status !== 201)) {
      expect({ status, body }).toMatchObject({
        status: 409,
        body: { code: "request_in_progress" },
      });
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
    const replayed = await register(person, competition, "one-and-the-same");
    expect(replayed.status).toBe(201);
    expect(replayed.headers.get("idempotent-replayed")).toBe("true");
    expect(replayed.body).toEqual(first?.body);
    expect(await participantsOf(competition)).toHaveLength(1);

    // A second mail would have left before that of a registration that came after.
    await takeSeat(later, person);
    const subjects = async () => (await mailOf(person)).map(({ subject }) => subject).sort();
    await expect
      .poll(subjects, { timeout: 20_000 })
      .toEqual([later, competition].map(({ title }) => `Registration confirmed: ${title}`).sort());
  });

  test("a key says nothing about other people or other competitions", async () => {
    const [competition, other] = [await openCompetition(), await openCompetition()];
    const [anna, ben] = [await signUp(), await signUp()];
    const annas = await register(anna, competition, "shared-key");
    const bens = await register(ben, competition, "shared-key");
    const elsewhere = await register(anna, other, "shared-key");
    expect([annas.status, bens.status, elsewhere.status]).toEqual([201, 201, 201]);
    expect(bens.headers.get("idempotent-replayed")).toBeNull();
    expect(bens.body.user).toMatchObject({ id: ben.id });
    expect(elsewhere.headers.get("idempotent-replayed")).toBeNull();
    const odd = await call(`/api/competitions/${competition.id}/register`, {
      method: "POST",
      token: anna.token,
      json: { seat: 7 },
      headers: { "Idempotency-Key": "shared-key" },
    });
    expect(odd.status).toBe(400);
  });
});

import type { Page } from "@playwright/test";
import { giveUp, joinLine, openCompetition, openFull, signUp, takeSeat } from "./support/api";
import { expectAccessible } from "./support/axe";
import { button, expectSeat, heading, news, registerButton } from "./support/controls";
import { expect, MODES, test } from "./support/test";

const panel = (page: Page) => page.getByRole("region", { name: "Registration" });

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`the line, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("is joined with one button, and left only after a question", async ({
      page,
      visit,
      signIn,
    }) => {
      const { competition, path } = await openFull({ waitlistLimit: 2 });
      await joinLine(competition);
      await visit(path);
      await expect(page.getByRole("button", { name: "Join the waitlist" })).toBeVisible();
      await signIn(await signUp());
      await visit(path);
      await expect(heading(page, "Sold out")).toBeVisible();
      await expect(panel(page)).toContainText("1 person is waiting.");
      if (javaScriptEnabled) await expectAccessible(page);
      await button(page, "Join the waitlist").click();

      await expect(heading(page, "You are 2nd in line")).toBeVisible();
      await expect(page).toHaveTitle(/^2nd in line · /);
      // That is all there is to hear, here and below.
      await expect(news(page)).not.toContainText(/open|last seat/);
      await expect(panel(page)).not.toContainText(/registered/i);
      await visit("/my-registrations");
      await expect(page.getByRole("row", { name: competition.title })).toContainText(
        "In line, 2nd",
      );
      await visit(path);
      if (javaScriptEnabled) await expectAccessible(page);

      await button(page, "Leave the waitlist").click();
      const question = page.getByRole("group", { name: "Leave the waitlist?" });
      await expect(question).toBeFocused();
      await expect(question).toContainText("You lose your place.");
      if (javaScriptEnabled) await expectAccessible(page);
      await page.getByRole("link", { name: "Keep my place" }).click();
      await expect(heading(page, "You are 2nd in line")).toBeVisible();
      await button(page, "Leave the waitlist").click();
      await button(page, "Yes, leave the waitlist").click();
      await expect(page.getByRole("status").first()).toHaveText("You have left the waitlist.");
      await expect(button(page, "Join the waitlist")).toBeVisible();
      await expect(news(page)).not.toContainText(/open|last seat/);

      await joinLine(competition);
      await visit(path);
      await expect(panel(page)).toContainText("The waitlist is full, too: 2 people are waiting.");
      await expect(panel(page).getByRole("button")).toHaveCount(0);
    });

    test("takes somebody who just missed the last seat, and does not cost a seat that came while leaving", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition({ capacity: 1, waitlistLimit: 10 });
      const [me, other] = [await signUp(), await signUp()];
      // An open page asks from time to time; this one is to be stale.
      await page.route(/\/(seats|place)$/, (route) => route.fulfill({ status: 429 }));
      await signIn(me);
      await visit(`/competitions/${competition.id}`);
      await expect(panel(page)).toContainText("If no seat is left, you get a place in line.");
      await takeSeat(competition, other);
      await registerButton(page).click();
      await expect(heading(page, "You are 1st in line")).toBeVisible();

      await button(page, "Leave the waitlist").click();
      await giveUp(competition, other);
      await button(page, "Yes, leave the waitlist").click();
      await expect(page.getByRole("status").first()).toContainText("You were no longer in line");
      await expectSeat(page, 1);
      await expect(page).toHaveTitle(/^You are registered · /);
    });
  });
}

test("an open page shows the place moving, then the seat, without being loaded again", async ({
  page,
  visit,
  signIn,
}) => {
  const { competition, seated, path } = await openFull();
  const [ahead, me] = [await signUp(), await signUp()];
  await joinLine(competition, ahead);
  await joinLine(competition, me);
  await signIn(me);
  await page.clock.install();
  await visit(path);
  await expect(heading(page, "You are 2nd in line")).toBeVisible();
  const loads: string[] = [];
  page.on("framenavigated", (frame) => loads.push(frame.url()));
  const wait = async () => {
    const answer = page.waitForResponse("**/place");
    await page.clock.fastForward(7_000);
    await answer;
  };

  await button(page, "Leave the waitlist").focus();
  await giveUp(competition, ahead);
  await wait();
  await expect(heading(page, "You are 1st in line")).toBeVisible();
  await expect(page).toHaveTitle(/^1st in line · /);
  await expect(button(page, "Leave the waitlist")).toBeFocused();
  await giveUp(competition, seated);
  await wait();
  await expectSeat(page, 1);
  await expect(page).toHaveTitle(/^You are registered · /);
  await expect(news(page)).toHaveText("You got a seat: seat 1.");
  await expect(page.getByRole("status").filter({ hasText: "You are registered" })).toBeFocused();
  expect(loads).toEqual([]);
});

test("an open page learns that the line has moved, and what programs are told of it", async ({
  page,
  visit,
  signIn,
  request,
}) => {
  const { competition, path } = await openFull();
  await signIn(await signUp());
  await page.clock.install();
  await visit(path);
  await expect(panel(page)).toContainText("Nobody is waiting yet.");
  await joinLine(competition);
  const answer = page.waitForResponse("**/seats");
  await page.clock.fastForward(7_000);
  expect(Object.keys(await (await answer).json()).sort()).toEqual([
    "capacity",
    "nextMs",
    "opensAt",
    "registrations",
    "seatsLeft",
    "serverTime",
    "state",
    "waiting",
  ]);
  await expect(panel(page)).toContainText("1 person is waiting.");
  const told = await request.get(`${path}/seats`);
  expect(await told.json()).toMatchObject({ seatsLeft: 0, waiting: 1, state: "full" });
});

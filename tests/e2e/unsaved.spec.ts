import { openCompetition } from "./support/api";
import { mainMenu } from "./support/controls";
import { expect, test } from "./support/test";

test("who leaves a page with changes that are not saved is asked first", async ({
  page,
  visit,
  signIn,
}) => {
  const competition = await openCompetition({ title: "Chess" });
  await signIn(competition.organizer);
  await visit(`/competitions/${competition.id}/edit`);
  await expect(page).toHaveTitle("Edit: Chess · Mini Compete");
  const questions: string[] = [];
  let answer = false;
  page.on("dialog", (dialog) => {
    questions.push(dialog.type());
    return answer ? dialog.accept() : dialog.dismiss();
  });

  await page.getByLabel("Description").fill("Changed.");
  await mainMenu(page, "Mailbox").click();
  await expect.poll(() => questions).toHaveLength(1);
  await expect(page).toHaveURL(`/competitions/${competition.id}/edit`);
  await expect(page.getByLabel("Description")).toHaveValue("Changed.");
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => questions).toEqual(["confirm", "beforeunload"]);
  await expect(page.getByLabel("Description")).toHaveValue("Changed.");
  answer = true;
  await mainMenu(page, "Mailbox").click();
  await expect(page).toHaveURL("/mailbox");
  expect(questions).toHaveLength(3);

  await page.goBack();
  await page.getByLabel("Description").fill("Changed again.");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Your changes are saved.")).toBeVisible();
  await mainMenu(page, "Mailbox").click();
  await expect(page).toHaveURL("/mailbox");
  expect(questions).toHaveLength(3);
});

test("a page that takes its time shows so within 200 ms, and a quick one shows nothing", async ({
  page,
  visit,
}) => {
  await visit("/");
  const bar = page.getByRole("progressbar", { name: "Loading" });
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/competitions.data*", async (route) => {
    await held;
    await route.continue();
  });
  await mainMenu(page, "Competitions").click();
  await expect(bar).toBeAttached();
  const widthAfter = (ms: number) =>
    bar.evaluate((element, time) => {
      for (const animation of element.getAnimations()) {
        animation.pause();
        animation.currentTime = time;
      }
      return element.getBoundingClientRect().width;
    }, ms);
  expect(await widthAfter(149)).toBe(0);
  expect(await widthAfter(200)).toBeGreaterThan(20);
  release();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Competitions");
  await expect(bar).toBeHidden();
});

import { expect, test } from "vitest";
import { pageByPage, printedList } from "./printed-list";

test("at most ten thousand rows are printed, with a note that there are more", async () => {
  const response = await printedList({
    request: new Request("http://site/list/print"),
    ...{ title: "List", lede: "All of it.", q: "", stylesheet: "/style.css" },
    columns: [{ label: "Number", text: ({ id }) => id }],
    async read({ limit, skip }) {
      const rows = Math.max(0, Math.min(limit, 11_000 - skip));
      return Array.from({ length: rows }, (_, n) => ({ id: `${skip + n + 1}` }));
    },
  });
  const document = await response.text();
  expect(document).toContain("These are the first 10,000. There are more.");
  expect(document.match(/>10000</g)).toHaveLength(1);
  expect(document).not.toContain(">10001<");
});

test("the last page of a numbered list is printed once", async () => {
  const pages = [["a", "b"], ["c"]];
  const read = pageByPage(async ({ page }) => {
    const shown = Math.min(page, pages.length);
    return { items: pages[shown - 1] ?? [], page: shown };
  });
  const printed = await Promise.all([0, 2, 4].map((skip) => read({ limit: 2, skip })));
  expect(printed).toEqual([["a", "b"], ["c"], []]);
});

import { expect, test } from "vitest";
import { shareTags } from "./share";

const competition = {
  id: "0c6f2a52-1f0e-4c8e-9d43-6f1f8a0f9d11",
  title: "Chess by night",
  startDate: new Date("2030-01-31T18:00:00Z"),
  endsAt: null,
  location: null,
  organizer: { id: "x", name: "Otto", email: "otto@site.invalid" },
};

function eventOf(changes: Partial<Parameters<typeof shareTags>[0]>): unknown {
  const tags = shareTags({ ...competition, ...changes }, "Seven rounds.");
  return tags.find((tag) => "script:ld+json" in tag)?.["script:ld+json" as keyof (typeof tags)[0]];
}

test("previews get the address, the words and a picture, all of this site", () => {
  const tags = shareTags(competition, "Seven rounds.");
  expect(tags[0]).toMatchObject({
    rel: "canonical",
    href: expect.stringMatching(/^https?:\/\/[^/]+\/competitions\/0c6f/),
  });
  const picture = tags.find((tag) => "property" in tag && tag.property === "og:image");
  expect(picture).toHaveProperty(
    "content",
    expect.stringMatching(/^https?:\/\/[^/]+\/covers\/0c6f.*\.png\?v=[\w-]{11}$/),
  );
  expect(JSON.stringify(tags)).not.toContain("otto@");
});

test("an event says what is known of its time, place and state", () => {
  expect(eventOf({ startDate: null })).toBeUndefined();
  expect(eventOf({})).toMatchObject({ "@type": "Event", startDate: "2030-01-31T18:00:00.000Z" });
  expect(eventOf({})).not.toHaveProperty("location");
  const endsAt = new Date("2030-01-31T22:00:00Z");
  expect(
    eventOf({ endsAt, location: "The club, Harbour Street 1", status: "cancelled" }),
  ).toMatchObject({
    endDate: "2030-01-31T22:00:00.000Z",
    eventStatus: "https://schema.org/EventCancelled",
    location: { "@type": "Place", name: "The club, Harbour Street 1" },
  });
  expect(eventOf({ location: "https://meet.example/chess" })).toMatchObject({
    location: { "@type": "VirtualLocation", url: "https://meet.example/chess" },
    eventAttendanceMode: "https://schema.org/OnlineEventAttendanceMode",
  });
});

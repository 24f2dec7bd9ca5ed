import { createCookie, type MetaDescriptor } from "@remix-run/node";
import type { CompetitionView } from "~/domain/competitions/index.server";
import { publicUrl } from "~/platform/env";
import { markdownToLine } from "~/platform/markdown";
import { singleton } from "~/platform/singleton";
import { coverImagePath } from "./cover-image";
import { PICTURE } from "./link-picture";
import { cookieName, cookieOptions } from "./sessions";

type Known = "id" | "title" | "startDate" | "endsAt" | "location" | "organizer";
type Shared = Pick<CompetitionView, Known> & { status?: string };

/** How much of a description search engines and previews of a link show, in characters. */
const SUMMARY = 160;

/** What a competition's page says of itself elsewhere; a draft has no address to share. */
export async function shareOf(
  competition: Shared & Pick<CompetitionView, "description" | "slug">,
  { request, isOwner }: { request: Request; isOwner: boolean },
) {
  const summary = markdownToLine(competition.description, SUMMARY);
  if (competition.status === "draft") return { summary, address: null, isNew: false, tags: [] };
  return {
    summary,
    /** The short one, which leads to the page. */
    address: new URL(`/c/${competition.slug}`, publicUrl()).href,
    /** Its organizer has published it a moment ago, and not called it off since. */
    isNew:
      isOwner &&
      competition.status !== "cancelled" &&
      (await isJustPublished(request, competition.id)),
    tags: shareTags(competition, summary),
  };
}

/**
 * What a competition's page tells search engines, and whoever shows a preview of its address.
 *
 * @param summary its description in a line
 */
export function shareTags(competition: Shared, summary: string): MetaDescriptor[] {
  const { title } = competition;
  const address = new URL(`/competitions/${competition.id}`, publicUrl()).href;
  const picture = new URL(coverImagePath(competition), publicUrl()).href;
  const properties = {
    "og:site_name": "Mini Compete",
    "og:type": "website",
    "og:url": address,
    "og:title": title,
    "og:description": summary,
    "og:image": picture,
    "og:image:type": "image/png",
    "og:image:width": String(PICTURE.width),
    "og:image:height": String(PICTURE.height),
    "og:image:alt": title,
  };
  return [
    { tagName: "link", rel: "canonical", href: address },
    ...Object.entries(properties).map(([property, content]) => ({ property, content })),
    { name: "twitter:card", content: "summary_large_image" },
    ...eventOf(competition, { summary, address, picture }),
  ];
}

/**
 * The competition as an event of schema.org, where it is known when it is. A script of data, which no
 * browser runs and the page's policy leaves alone; Remix writes each `<` in it as an escape.
 */
function eventOf(
  competition: Shared,
  { summary, address, picture }: { summary: string; address: string; picture: string },
): MetaDescriptor[] {
  const { title, startDate, endsAt, location, status, organizer } = competition;
  if (!startDate) return [];
  const isOnline = location ? /^https?:\/\//i.test(location) : false;
  const place = isOnline
    ? { "@type": "VirtualLocation", url: location }
    : { "@type": "Place", name: location, address: location };
  const state = status === "cancelled" ? "EventCancelled" : "EventScheduled";
  const event = {
    "@context": "https://schema.org",
    "@type": "Event",
    name: title,
    description: summary,
    url: address,
    image: [picture],
    startDate: startDate.toISOString(),
    ...(endsAt && { endDate: endsAt.toISOString() }),
    eventStatus: `https://schema.org/${state}`,
    ...(location && {
      location: place,
      eventAttendanceMode: `https://schema.org/${isOnline ? "Online" : "Offline"}EventAttendanceMode`,
    }),
    organizer: { "@type": "Organization", name: organizer.name },
  };
  return [{ "script:ld+json": event }];
}

/** How long its organizer is asked to share what they have just published, in seconds. */
const FRESH_SECONDS = 300;

/** The `Set-Cookie` value by which the page of a competition asks its organizer to share it. */
export function justPublished(id: string): Promise<string> {
  return freshCookie().serialize(id);
}

async function isJustPublished(request: Request, id: string): Promise<boolean> {
  return (await freshCookie().parse(request.headers.get("Cookie"))) === id;
}

function freshCookie() {
  return singleton("fresh-cookie", () =>
    createCookie(cookieName("fresh"), { ...cookieOptions(), maxAge: FRESH_SECONDS }),
  );
}

import { hash } from "node:crypto";
import { join } from "node:path";
import { Piscina } from "piscina";
import {
  type CompetitionView,
  findCompetition,
  findCoverImage,
  keepCoverImage,
} from "~/domain/competitions/index.server";
import { DomainError } from "~/domain/error";
import { semaphore } from "~/platform/semaphore";
import { existing, forget, singleton } from "~/platform/singleton";
import { isKnownTag } from "./etag";
import { DRAWING, drawLinkPicture, PICTURE } from "./link-picture";
import { notFound } from "./pages";

type Shown = Pick<CompetitionView, "id" | "title">;

/** Under an address that includes its look, a picture never changes. */
const FOR_EVER = "public, max-age=31536000, immutable";
/** Under the plain address it may be this old, in seconds. */
const A_WHILE = "public, max-age=300";

/** How many may wait for their picture, and how long, in ms: each takes a tenth of a second and more. */
const QUEUE = 8;
const PATIENCE_MS = 10_000;
const BUSY_SECONDS = 10;

/** The address of a competition's picture, with the look that it has now. */
export function coverImagePath(competition: Shown): string {
  return `/covers/${competition.id}.png?v=${lookOf(competition)}`;
}

/**
 * Answers with the picture for link previews of a competition. It is drawn once and kept in Postgres.
 * Requests for a picture that is being drawn wait for it, and each process draws one at a time.
 *
 * @throws Response 404 where there is no such competition
 * @throws DomainError `unavailable` where too many are to be drawn
 */
export async function tellCoverImage(id: string, request: Request): Promise<Response> {
  const competition = await findCompetition({ id });
  if (!competition) throw notFound();
  const look = lookOf(competition);
  const etag = `W/"${look}"`;
  const isNamed = new URL(request.url).searchParams.get("v") === look;
  const headers = {
    ETag: etag,
    "Cache-Control": isNamed ? FOR_EVER : A_WHILE,
    // Other sites are meant to show it.
    "Cross-Origin-Resource-Policy": "cross-origin",
  };
  if (isKnownTag(request.headers.get("If-None-Match"), etag)) {
    return new Response(null, { status: 304, headers });
  }
  const png = (await findCoverImage({ id, look })) ?? (await drawOnce(competition, look));
  return new Response(png, { headers: { ...headers, "Content-Type": "image/png" } });
}

/** Ends the thread that draws, if it was started. */
export async function closeCoverThread(): Promise<void> {
  const opened = existing<Piscina>("cover-thread");
  forget("cover-thread");
  await opened?.destroy();
}

function lookOf({ id, title }: Shown): string {
  return hash("sha256", `${DRAWING} ${id} ${title}`, "base64url").slice(0, 11);
}

async function drawOnce(competition: Shown, look: string): Promise<Buffer<ArrayBuffer>> {
  const { drawings } = state();
  const name = `${competition.id} ${look}`;
  const drawing = drawings.get(name) ?? draw(competition, look);
  drawings.set(name, drawing);
  try {
    return await drawing;
  } finally {
    drawings.delete(name);
  }
}

async function draw(competition: Shown, look: string): Promise<Buffer<ArrayBuffer>> {
  const work = async () => {
    const task = { svg: drawLinkPicture(competition), width: PICTURE.width };
    const png: Uint8Array<ArrayBuffer> = await thread().run(task);
    return Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  };
  const png = await state().places.within(work, { patienceMs: PATIENCE_MS });
  if (png === "refused") {
    const details = { retryAfterSeconds: BUSY_SECONDS };
    throw new DomainError("unavailable", "Too many pictures are being drawn.", details);
  }
  await keepCoverImage({ id: competition.id, look, png });
  return png;
}

function state() {
  return singleton("cover-images", () => ({
    places: semaphore({ most: 1, queue: QUEUE }),
    drawings: new Map<string, Promise<Buffer<ArrayBuffer>>>(),
  }));
}

/** Drawing would hold the event loop for a tenth of a second and more. */
function thread(): Piscina {
  return singleton("cover-thread", () => {
    const filename = join(process.cwd(), "app/web/cover-worker.ts");
    return new Piscina({ filename, minThreads: 0, maxThreads: 1, idleTimeout: 30_000 });
  });
}

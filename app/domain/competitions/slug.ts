import { randomInt } from "node:crypto";
import { UniqueConstraintViolationException } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import { database } from "~/platform/orm";

/** In letters of the title: enough to tell what it is about, short enough to be read out. */
const LONGEST = 48;

/** How often a writer tries another slug when somebody took the same one at the same moment. */
const TRIES = 5;

/**
 * The words of a title as a part of an address: "Signs People Understand!" is
 * "signs-people-understand". Letters of every script stay, without the accents of Latin ones.
 */
export function slugOf(title: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[øłđħıßæœþ]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  return cut(words.replace(/^-+|-+$/g, "")) || "competition";
}

const PLAIN: Record<string, string> = {
  ...{ ø: "o", ł: "l", đ: "d", ħ: "h", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" },
};

/** Ends with a whole word, where there is one. */
function cut(slug: string): string {
  const letters = [...slug];
  if (letters.length <= LONGEST) return slug;
  const start = letters.slice(0, LONGEST + 1).join("");
  return start.includes("-") ? start.replace(/-[^-]*$/, "") : letters.slice(0, LONGEST).join("");
}

/** A slug for a new competition: made from its title, with a few signs added where that one is taken. */
export async function findFreeSlug(em: EntityManager, title: string): Promise<string> {
  const slug = slugOf(title);
  const taken: unknown[] = await em.execute("select 1 from competition where slug = ?", [slug]);
  return taken.length === 0 ? slug : `${slug}-${fewSigns()}`;
}

/** Signs that cannot be mistaken for one another. */
const SIGNS = "23456789abcdefghjkmnpqrstuvwxyz";

function fewSigns(): string {
  return Array.from({ length: 5 }, () => SIGNS[randomInt(SIGNS.length)]).join("");
}

/** Writes again with another slug where somebody took the same one at the same moment. */
export async function untilSlugIsFree<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (!isTakenSlug(error) || tries === TRIES) throw error;
    }
  }
}

function isTakenSlug(error: unknown): boolean {
  return (
    error instanceof UniqueConstraintViolationException &&
    error.message.includes("competition_slug_unique")
  );
}

/**
 * The competition that has this short address, or had it until it was deleted; null where there is none.
 * Competitions created by the previous release have no slug and are found by their id.
 */
export async function findBySlug(slug: string): Promise<{ id: string; isDeleted: boolean } | null> {
  const [found] = await database().execute<{ id: string; isDeleted: boolean }[]>(
    `select id, deleted_at is not null as "isDeleted" from competition
      where published_at is not null and (slug = ? or slug is null and id::text = ?)
      order by slug is null limit 1`,
    [slug, slug],
  );
  return found ?? null;
}

/** What the page knows about the visitor, and what they have here. */
export interface Standing {
  viewer: "nobody" | "participant" | "organizer" | "owner";
  seat: { seatNo: number; since: Date } | null;
  /** Where they stand in line, as "12th"; null where they have a seat, or nothing. */
  place: string | null;
  /** They asked to give up their seat, or their place, which nobody could undo. */
  leaving: "seat" | "line" | null;
  idempotencyKey: string;
}

/** What the browser shows as the page's title: first of all what the visitor has. */
export function titleOf(competition: { title: string }, { seat, place }: Standing): string {
  const own = seat ? "You are registered · " : place ? `${capital(place)} in line · ` : "";
  return `${own}${competition.title}`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

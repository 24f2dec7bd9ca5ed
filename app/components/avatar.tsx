import { initialsOf } from "./initials";

/** Somebody's initials in a circle, beside their name: a picture for the eye, and nothing to hear. */
export function Avatar({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-10 shrink-0 place-items-center rounded-full border border-transparent bg-info-soft text-sm font-bold text-info select-none print:hidden"
    >
      {initialsOf(name)}
    </span>
  );
}

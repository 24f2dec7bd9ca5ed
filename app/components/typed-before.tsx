/**
 * Says that a form still has what was typed before its writer was logged out, and what is left to do.
 *
 * @param isNot what has not been done with it yet
 */
export function TypedBefore({ isNot, button }: { isNot: "saved" | "sent"; button: string }) {
  return (
    <p className="rounded-md border border-s-4 border-accent bg-accent-soft px-5 py-3">
      You were logged out while you were writing. Your text is back, but not {isNot} yet: press “
      {button}”.
    </p>
  );
}

/**
 * Says why a form holds what was typed into it some time ago, and that this is still to be done.
 *
 * @param isNot what has not become of it yet
 */
export function TypedBefore({ isNot, button }: { isNot: "saved" | "sent"; button: string }) {
  return (
    <p className="rounded-md border border-s-4 border-accent bg-accent-soft px-5 py-3">
      You were logged out while you were writing. Your text is back, but not {isNot} yet: press “
      {button}”.
    </p>
  );
}

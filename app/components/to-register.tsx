/** Names the competition that somebody comes in for, and what happens then. */
export function ToRegister({ title }: { title: string }) {
  return (
    <>
      to register for <bdi className="font-semibold text-ink wrap-anywhere">{title}</bdi>. It is
      done as soon as you are in.
    </>
  );
}

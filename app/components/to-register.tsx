/** Names the competition that somebody comes in for, and what happens then. */
export function ToRegister({ title }: { title: string }) {
  return (
    <>
      You are about to register for{" "}
      <bdi className="font-semibold text-ink wrap-anywhere">{title}</bdi>: we do it as soon as you
      are in.
    </>
  );
}

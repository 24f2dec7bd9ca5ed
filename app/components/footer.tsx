import { useVisitorTime } from "./visitor-time";

/** What is true of every page: whose clocks its times follow. */
export function Footer() {
  const { zone } = useVisitorTime();
  return (
    <footer className="mt-auto border-t border-line">
      <div className="mx-auto flex max-w-page flex-wrap justify-between gap-x-6 gap-y-1 px-4 py-6 text-xs text-ink-soft sm:px-6">
        <p>Mini Compete. Every seat is given once.</p>
        <p suppressHydrationWarning>Times are shown in {zone.replaceAll("_", " ")}.</p>
      </div>
    </footer>
  );
}

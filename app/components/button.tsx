import { Link, type LinkProps } from "@remix-run/react";
import type { ButtonHTMLAttributes } from "react";

type Look = "primary" | "secondary" | "danger" | "quiet";

const BASE =
  "inline-flex min-h-target items-center justify-center gap-2 rounded-md border px-4 py-2 text-base font-semibold no-underline transition-colors active:[translate:0_1px] sm:px-5 print:hidden";

const LOOKS: Record<Look, string> = {
  primary:
    "border-transparent bg-accent text-on-accent hover:bg-accent-strong forced-colors:border-[Highlight] forced-colors:forced-color-adjust-none",
  secondary: "border-line-strong bg-raised text-ink hover:border-ink hover:bg-sunken",
  danger: "border-danger bg-raised text-danger hover:bg-danger-soft",
  quiet: "border-transparent px-3 font-normal text-ink-soft hover:bg-sunken hover:text-ink",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  /** Its form is on its way. It stays focusable, so that a screen reader does not lose its place. */
  pending?: boolean;
  wide?: boolean;
}

/** A button that does something. While pending it says so, and a second press sends nothing. */
export function Button({ look = "primary", pending, wide, className, ...rest }: ButtonProps) {
  return (
    <button
      type="submit"
      data-primary={look === "primary" || undefined}
      {...rest}
      aria-disabled={pending || rest["aria-disabled"] || undefined}
      onClick={(event) => {
        if (pending) event.preventDefault();
        else rest.onClick?.(event);
      }}
      className={`${BASE} ${LOOKS[look]} ${wide ? "w-full" : ""} aria-disabled:cursor-progress aria-disabled:opacity-70 cursor-pointer ${className ?? ""}`}
    />
  );
}

/** A link that is the page's next step, and looks like one. */
export function ButtonLink({
  look = "primary",
  wide,
  ...rest
}: LinkProps & { look?: Look; wide?: boolean }) {
  return (
    <Link
      data-primary={look === "primary" || undefined}
      {...rest}
      className={`${BASE} ${LOOKS[look]} ${wide ? "w-full" : ""} ${rest.className ?? ""}`}
    />
  );
}

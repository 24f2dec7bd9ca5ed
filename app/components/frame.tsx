import { Form, Link, NavLink, useNavigation, useRevalidator } from "@remix-run/react";
import { type ReactNode, useEffect, useRef } from "react";
import { useVisitorTime } from "./date-time";

/** Who is signed in, as far as a page needs to know. */
export interface SignedIn {
  id: string;
  name: string;
  role: "PARTICIPANT" | "ORGANIZER";
}

/** The site's name, the ways on, and who is signed in. */
export function Header({ user }: { user: SignedIn | null }) {
  return (
    <header className="border-b border-line bg-raised">
      <div className="mx-auto grid max-w-page grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 px-4 py-1.5 sm:grid-cols-[auto_1fr_auto] sm:gap-x-5 sm:px-6">
        <Link
          to="/"
          className="-ms-1 inline-flex min-h-target items-center gap-2 rounded-sm px-1 font-bold tracking-tight"
        >
          <Mark />
          Mini Compete
        </Link>
        <nav aria-label="Main" className="order-last col-span-2 sm:order-none sm:col-span-1">
          <ul className="-mx-2.5 flex flex-wrap">
            <NavItem to="/competitions">Competitions</NavItem>
            {user?.role === "PARTICIPANT" ? (
              <NavItem to="/my-registrations">My registrations</NavItem>
            ) : null}
            {user?.role === "ORGANIZER" ? (
              <NavItem to="/my-competitions">My competitions</NavItem>
            ) : null}
            {user ? <NavItem to="/mailbox">Mailbox</NavItem> : null}
          </ul>
        </nav>
        <div className="flex min-w-0 items-center justify-end gap-x-1">
          {user ? (
            <>
              <span className="min-w-0 text-end text-xs leading-tight wrap-anywhere text-ink-soft sm:max-w-40 sm:text-sm">
                <bdi>{user.name}</bdi>
              </span>
              {/* A new document: nothing that this page has loaded outlives the session. */}
              <Form method="post" action="/logout" reloadDocument className="-me-2.5">
                <button type="submit" className={`${ITEM} cursor-pointer text-ink-soft`}>
                  Log out
                </button>
              </Form>
            </>
          ) : (
            <>
              <Link to="/login" className={`${ITEM} text-ink-soft`}>
                Log in
              </Link>
              <Link
                to="/signup"
                className="inline-flex min-h-9 items-center rounded-md border border-line-strong px-3.5 text-sm font-semibold whitespace-nowrap pointer-coarse:min-h-target hover:border-ink hover:bg-sunken"
              >
                Sign up
              </Link>
            </>
          )}
        </div>
      </div>
    </header>
  );
}

const ITEM =
  "inline-flex min-h-target items-center rounded-md px-2.5 text-sm font-medium whitespace-nowrap hover:text-ink";

function NavItem({ to, children }: { to: string; children: ReactNode }) {
  return (
    <li>
      <NavLink
        to={to}
        end
        className={({ isActive }) =>
          `${ITEM} ${isActive ? "text-ink underline decoration-accent decoration-2 underline-offset-[0.6rem]" : "text-ink-soft"}`
        }
      >
        {children}
      </NavLink>
    </li>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 24 24" className="size-6 text-accent" fill="currentColor" aria-hidden="true">
      <rect x="3" y="13" width="5" height="8" rx="1.5" opacity="0.55" />
      <rect x="9.5" y="4" width="5" height="17" rx="1.5" />
      <rect x="16" y="9" width="5" height="12" rx="1.5" opacity="0.75" />
    </svg>
  );
}

/**
 * A bar at the top while scripts fetch the next page, as browsers show one for documents. It comes
 * after a moment (`progress` in tailwind.css), so that quick pages do not flicker.
 */
export function Progress() {
  const { state } = useNavigation();
  if (state === "idle") return null;
  return (
    <div
      role="progressbar"
      aria-label="Loading"
      className="progress fixed inset-x-0 top-0 z-10 h-1 bg-accent forced-color-adjust-none"
    />
  );
}

/** One message after a redirect. It takes the focus, so that it is heard where it is not seen. */
export function Flash({ message }: { message: string | null }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (message) box.current?.focus();
  }, [message]);
  if (!message) return null;
  return (
    <div
      ref={box}
      role="status"
      tabIndex={-1}
      className="mb-8 rounded-md border border-s-4 border-accent bg-accent-soft px-5 py-3 font-medium"
    >
      {message}
    </div>
  );
}

/** What is true of every page: whose clocks its times follow. */
export function Footer() {
  const { zone } = useVisitorTime();
  return (
    <footer className="mt-auto border-t border-line bg-raised">
      <div className="mx-auto flex max-w-page flex-wrap justify-between gap-x-6 gap-y-1 px-4 py-6 text-xs text-ink-soft sm:px-6">
        <p>Mini Compete. Every seat is given once.</p>
        <p suppressHydrationWarning>
          Times are shown in {zone.replaceAll("_", " ")}, those of a competition in its own zone.
        </p>
      </div>
    </footer>
  );
}

/**
 * Loads the page's data again when the browser brings the page back as it was left: seats may be gone by
 * then, and the visitor may have logged out.
 */
export function FreshOnReturn() {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) revalidate();
    };
    window.addEventListener("pageshow", onShow);
    return () => window.removeEventListener("pageshow", onShow);
  }, [revalidate]);
  return null;
}

import { Form, Link, NavLink } from "@remix-run/react";
import type { ReactNode } from "react";

/** Who is signed in, as far as a page needs to know. */
export interface SignedIn {
  id: string;
  name: string;
  role: "PARTICIPANT" | "ORGANIZER";
}

/** The site's name, the ways on, and who is signed in. */
export function Header({ user }: { user: SignedIn | null }) {
  return (
    <header className="border-b border-line">
      <div className="mx-auto grid max-w-page grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 px-4 py-1 sm:grid-cols-[auto_1fr_auto] sm:gap-x-6 sm:px-6">
        <Link
          to="/"
          className="-ml-1 inline-flex min-h-target items-center gap-2 rounded-sm px-1 font-semibold tracking-tight"
        >
          <Mark />
          Mini Compete
        </Link>
        <nav aria-label="Main" className="order-last col-span-2 sm:order-none sm:col-span-1">
          <ul className="-mx-2 flex flex-wrap">
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
        <div className="-mr-2 flex min-w-0 items-center justify-end gap-x-1">
          {user ? (
            <>
              <span className="min-w-0 truncate text-sm text-ink-soft sm:max-w-40">
                {user.name}
              </span>
              <Form method="post" action="/logout">
                <button
                  type="submit"
                  className={`${ITEM} cursor-pointer whitespace-nowrap text-ink-soft`}
                >
                  Log out
                </button>
              </Form>
            </>
          ) : (
            <>
              <Link to="/login" className={`${ITEM} text-ink-soft`}>
                Log in
              </Link>
              <Link to="/signup" className={`${ITEM} font-semibold text-accent`}>
                Sign up
              </Link>
            </>
          )}
        </div>
      </div>
    </header>
  );
}

const ITEM = "inline-flex min-h-target items-center rounded-sm px-2 text-sm hover:text-ink";

function NavItem({ to, children }: { to: string; children: ReactNode }) {
  return (
    <li>
      <NavLink
        to={to}
        end
        className={({ isActive }) =>
          `${ITEM} ${isActive ? "text-ink underline decoration-accent decoration-2 underline-offset-8" : "text-ink-soft"}`
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

import { isRouteErrorResponse, Link, useRouteError, useRouteLoaderData } from "@remix-run/react";
import { ButtonLink } from "./button";
import { Page } from "./page";
import { useRequestContext } from "./request-context";
import { isUnanswered } from "./unanswered";

const WORDS: Record<number, { title: string; text: string }> = {
  400: {
    title: "We could not read that",
    text: "Something in the address or the form did not arrive as it should. Go back and try again.",
  },
  403: {
    title: "This page is not for your account",
    text: "You are logged in, but this page is for another kind of account. Nothing was changed.",
  },
  404: {
    title: "There is nothing here",
    text: "The page may have been removed, or the address has a typo.",
  },
  405: {
    title: "This cannot be done here",
    text: "This page can be read, but not sent to. Nothing was changed.",
  },
  410: {
    title: "This was taken down",
    text: "The organizer has taken this competition down, so it will not take place. Everybody with a seat or a place in line was told by email.",
  },
  429: {
    title: "That was a little too often",
    text: "Wait a minute, then try again. Nothing is lost.",
  },
  503: {
    title: "We are catching our breath",
    text: "The system is busy for a moment. Try again in a few seconds; nothing is lost.",
  },
};

const NO_CONNECTION = {
  title: "No connection",
  text: "The page could not be loaded. Check your connection, then try again.",
};

const UNEXPECTED = {
  title: "Something went wrong",
  text: "It is not your fault, and it has been noted. Try again in a moment.",
};

/** What stands in place of a page that could not be shown, with a way on. */
export function FailurePage() {
  const error = useRouteError();
  // A page that failed after scripts took over has a request of its own, later than the document's.
  const latest = useRouteLoaderData<() => { requestId: string }>("root")?.requestId;
  const first = useRequestContext().requestId;
  const requestId = latest ?? first;
  const status = isRouteErrorResponse(error) ? error.status : undefined;
  const words = wordsOf(error);
  return (
    <Page title={words.title} width="text">
      <p className="text-ink-soft">{words.text}</p>
      <p className="mt-6 flex flex-wrap items-center gap-4">
        <ButtonLink to="/competitions">See all competitions</ButtonLink>
        <Link to="/" className="link inline-flex min-h-target items-center">
          Start page
        </Link>
      </p>
      <p className="mt-10 text-xs text-ink-soft">
        {[status && `Error ${status}`, requestId && `Request ${requestId}`]
          .filter(Boolean)
          .join(", ")}
      </p>
    </Page>
  );
}

/** The words for the browser's title bar when a page failed. */
export function failureTitle(error: unknown): string {
  return wordsOf(error).title;
}

function wordsOf(error: unknown): { title: string; text: string } {
  if (isRouteErrorResponse(error)) return WORDS[error.status] ?? UNEXPECTED;
  // Servers answer, if only that something went wrong; only in a browser nobody does.
  return typeof document !== "undefined" && isUnanswered(error) ? NO_CONNECTION : UNEXPECTED;
}

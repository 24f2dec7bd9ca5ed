import { FailurePage } from "~/components/failure-page";

/** Any address that no page has: a route of its own, so that its frame knows who is signed in. */
export function loader(): never {
  throw new Response(null, { status: 404, statusText: "Not Found" });
}

export function action(): never {
  throw new Response(null, { status: 404, statusText: "Not Found" });
}

export default function NotFound() {
  return null;
}

export function ErrorBoundary() {
  return <FailurePage />;
}

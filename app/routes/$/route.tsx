import { notFound } from "~/web/index.server";

/** Any address that no page has: a route of its own, so that its frame knows who is signed in. */
export function loader(): never {
  throw notFound();
}

export function action(): never {
  throw notFound();
}

export default function Nowhere() {
  return null;
}

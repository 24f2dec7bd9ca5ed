import type { LoaderFunctionArgs } from "@remix-run/node";
import { listSubjects } from "~/domain/mail/index.server";
import { printedList, readListQuery, requireActor } from "~/web/index.server";
import stylesheet from "../../tailwind.css";

/** All of the visitor's mail by subject, to print. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await requireActor(request, "list own mail");
  const { q, sort } = readListQuery(request, "mail");
  return printedList({
    request,
    title: "Mailbox",
    lede: `Mail we sent to ${actor.email}.`,
    q,
    read: ({ limit, lastId }) => listSubjects({ actor, limit, after: lastId, q, sort }),
    columns: [
      { label: "Subject", text: ({ subject }) => subject, isHead: true },
      { label: "Sent", text: ({ sentAt }) => sentAt },
    ],
    stylesheet,
  });
}

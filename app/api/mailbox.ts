import * as z from "zod";
import { listMailbox } from "~/domain/mail/index.server";
import { type Endpoint, endpoint, takesNothing } from "./endpoint";
import { linkToNext, NO_CURSOR, pagesOf } from "./paging";
import { mailShape } from "./shapes";

const pages = z.strictObject({
  ...pagesOf({ most: 100 }),
  cursor: z.guid(NO_CURSOR).toLowerCase().optional(),
});

const list = endpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/mailbox",
  access: "list own mail",
  summary: "List the mail you were sent, newest first; follow Link rel=next for more",
  cost: "list",
  query: pages,
  success: { status: 200, description: "One page", schema: z.array(mailShape) },
  refusals: [],
  async handle({ query: { limit, cursor }, user }) {
    // One more than is shown tells whether there is a next page.
    const found = await listMailbox({ actor: user, limit: limit + 1, cursor });
    const mails = found.slice(0, limit);
    const next = found.length > limit ? (mails.at(-1)?.id ?? null) : null;
    return {
      status: 200,
      headers: linkToNext("/api/mailbox", { limit }, next),
      body: mails.map(({ id, to, subject, body, sentAt, jobId }) => ({
        id,
        to,
        subject,
        body,
        sentAt,
        jobId,
      })),
    };
  },
});

export const mailboxEndpoints: Endpoint[] = [list];

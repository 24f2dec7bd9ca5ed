import * as z from "zod";
import { listMailbox } from "~/domain/mail/index.server";
import { type Endpoint, endpoint, takesNothing } from "./endpoint";
import { mailShape } from "./shapes";

/** The newest mail is what a program looks for; the page has the rest. */
const MOST = 100;

const list = endpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/mailbox",
  access: "list own mail",
  summary: `List the newest ${MOST} mails one was sent, newest first`,
  success: { status: 200, description: "The mail", schema: z.array(mailShape) },
  refusals: [],
  async handle({ user }) {
    const mails = await listMailbox({ actor: user, limit: MOST });
    return {
      status: 200,
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

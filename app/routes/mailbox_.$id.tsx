import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { DateTime } from "~/components/date-time";
import { MailBody } from "~/components/mail-body";
import { Page } from "~/components/page";
import { pageMeta } from "~/components/page-meta";
import { findMail } from "~/domain/mail/index.server";
import { requireUser } from "~/http/auth.server";
import { notFound } from "~/http/not-found.server";

export const meta: MetaFunction<typeof loader> = ({ data }) => pageMeta(data?.mail.subject);

export async function loader({ request, params }: LoaderFunctionArgs) {
  const user = await requireUser(request);
  const mail = await findMail({ id: params.id ?? "", userId: user.id });
  if (!mail) throw notFound();
  const { subject, to, body, sentAt } = mail;
  return { mail: { subject, to, body, sentAt } };
}

export default function OneMail() {
  const { mail } = useLoaderData<typeof loader>();
  return (
    <Page
      title={mail.subject}
      width="text"
      above={
        <Link to="/mailbox" className="link inline-flex min-h-6 items-center">
          Mailbox
        </Link>
      }
    >
      <p className="-mt-4 mb-8 border-b border-line pb-4 text-sm text-ink-soft">
        To {mail.to}, <DateTime value={mail.sentAt} />
      </p>
      <MailBody text={mail.body} />
    </Page>
  );
}

import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { DateTime } from "~/components/date-time";
import { Page, pageMeta } from "~/components/page";
import { MailBody } from "./mail-body";
import { showMail } from "./show.server";

export const meta: MetaFunction<typeof loader> = ({ data }) => pageMeta(data?.mail.subject);

export const loader = ({ request, params }: LoaderFunctionArgs) => showMail(request, params.id);

export default function OneMail() {
  const { mail, site } = useLoaderData<typeof loader>();
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
      <p className="-mt-4 mb-5 text-sm text-ink-soft">
        To {mail.to}, <DateTime value={mail.sentAt} />
      </p>
      <div className="card p-5 sm:p-8 print:border-0 print:p-0">
        <MailBody text={mail.body} site={site} />
      </div>
    </Page>
  );
}

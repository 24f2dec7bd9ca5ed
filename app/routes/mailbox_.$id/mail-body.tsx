import { Fragment } from "react";

/**
 * The text of a mail. It is text all the way: nothing in it is markup. Addresses on this site become
 * links, and no others: those are not ours, whatever an old mail says.
 */
export function MailBody({ text, site }: { text: string; site: string }) {
  return (
    <div dir="auto" className="max-w-text whitespace-pre-line wrap-anywhere">
      {text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        <Fragment key={index}>
          {index % 2 === 1 && part.startsWith(`${site}/`) ? (
            <a href={part} className="link">
              {part.endsWith(EVENT_FILE) ? EVENT_FILE : part}
            </a>
          ) : (
            part
          )}
        </Fragment>
      ))}
    </div>
  );
}

/** What a calendar takes is no page to read: its name is enough. */
const EVENT_FILE = "event.ics";

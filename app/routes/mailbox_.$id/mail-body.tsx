import { Fragment } from "react";

/** The text of a mail, its addresses made links. It is text all the way: nothing in it is markup. */
export function MailBody({ text }: { text: string }) {
  return (
    <div className="max-w-text whitespace-pre-line wrap-anywhere">
      {text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        <Fragment key={index}>
          {index % 2 === 1 ? (
            <a href={part} className="link" rel="noopener noreferrer">
              {part}
            </a>
          ) : (
            part
          )}
        </Fragment>
      ))}
    </div>
  );
}

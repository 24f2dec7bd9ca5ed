import type { ReactNode } from "react";

/** A document to print: no menu and no scripts, and the way back on the screen. */
export function PrintedPage(props: {
  title: string;
  /** What it is of, and what was looked for. */
  lede?: ReactNode;
  backTo: string;
  stylesheet: string;
  children: ReactNode;
}) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${props.title}, to print · Mini Compete`}</title>
        <link rel="stylesheet" href={props.stylesheet} />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      </head>
      <body>
        <main className="mx-auto max-w-page px-4 py-8 sm:px-6">
          <p className="mb-6 flex flex-wrap gap-x-6 text-sm print:hidden">
            <a href={props.backTo} className="link inline-flex min-h-6 items-center">
              Back to the list
            </a>
            <span className="text-ink-soft">Your browser's print command prints all of this.</span>
          </p>
          <h1 dir="auto" className="text-2xl font-bold tracking-tight wrap-anywhere">
            {props.title}
          </h1>
          {props.lede ? (
            <p className="mt-2 mb-6 wrap-anywhere text-ink-soft">{props.lede}</p>
          ) : null}
          {props.children}
        </main>
      </body>
    </html>
  );
}

import type { MetaDescriptor } from "@remix-run/node";
import type { ReactNode } from "react";

const WIDTHS = { text: "max-w-text", form: "max-w-form", page: "max-w-page" };

/** The frame of every page: one heading, perhaps a sentence below it, actions, content. A form gets a card. */
export function Page(props: {
  title: string;
  lede?: ReactNode;
  /** What stands above the heading: where this page belongs. */
  above?: ReactNode;
  /** A picture beside the page, or above it on a phone. */
  face?: ReactNode;
  actions?: ReactNode;
  width?: keyof typeof WIDTHS;
  children?: ReactNode;
}) {
  const isForm = props.width === "form";
  const page = (
    <div className={`${WIDTHS[props.width ?? "page"]} ${isForm ? "mx-auto" : ""} min-w-0`}>
      {props.above ? (
        <div className="mb-3 text-sm wrap-anywhere text-ink-soft">{props.above}</div>
      ) : null}
      <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 dir="auto" tabIndex={-1} className="text-3xl font-bold tracking-tight wrap-anywhere">
            {props.title}
          </h1>
          {props.lede ? <div className="mt-2.5 max-w-text text-ink-soft">{props.lede}</div> : null}
        </div>
        {props.actions ? (
          <div className="flex flex-wrap gap-2 sm:gap-3">{props.actions}</div>
        ) : null}
      </header>
      {isForm ? <div className="card p-5 sm:p-8">{props.children}</div> : props.children}
    </div>
  );
  if (!props.face) return page;
  return (
    <div className="grid gap-6 print:block md:grid-cols-[minmax(0,18rem)_minmax(0,1fr)] md:gap-10 lg:grid-cols-[20rem_minmax(0,1fr)] lg:gap-12">
      <div className="md:sticky md:top-6 md:self-start">{props.face}</div>
      {page}
    </div>
  );
}

/** A list's title: what was looked for, the list, the page where it is not the first. */
export function listTitle(
  name: string,
  data: { q: string; page?: number; pages?: number } | undefined,
): string {
  const { q = "", page = 1, pages = 1 } = data ?? {};
  return [q && `“${q}”`, name, pageOf({ page, pages })].filter(Boolean).join(", ");
}

/** "Page 3 of 9" for a title, where there is more than one page and this is not the first. */
export function pageOf({ page, pages }: { page: number; pages: number }): string | undefined {
  return page > 1 ? `page ${page} of ${pages}` : undefined;
}

/** The words in the browser's title bar. Without a title, as while a page fails, the site's name. */
export function titleInBrowser(title: string | undefined): string {
  return title ? `${title} · Mini Compete` : "Mini Compete";
}

/** The same as what a page says of itself. */
export function pageMeta(title: string | undefined, description?: string): MetaDescriptor[] {
  return [
    { title: titleInBrowser(title) },
    ...(description ? [{ name: "description", content: description }] : []),
  ];
}

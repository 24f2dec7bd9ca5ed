import type { MetaDescriptor } from "@remix-run/node";

/** The words in the browser's title bar. Without a title, as while a page fails, the site's name. */
export function pageMeta(title: string | undefined, description?: string): MetaDescriptor[] {
  return [
    { title: title ? `${title} · Mini Compete` : "Mini Compete" },
    ...(description ? [{ name: "description", content: description }] : []),
  ];
}

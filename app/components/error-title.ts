/** What a page's title begins with after its form was refused: screen readers read it out first. */
const MARK = "Error: ";

/** Marks the title of the page in the browser. @returns what takes the mark away */
export function markTitle(): () => void {
  document.title = MARK + unmarked(document.title);
  return () => {
    document.title = unmarked(document.title);
  };
}

/** The title without the mark, as React knows it. */
export function unmarked(title: string): string {
  return title.startsWith(MARK) ? title.slice(MARK.length) : title;
}

/** Marks the title of a document whose form was refused, for browsers without scripts. */
export function withMarkedTitle(html: string): string {
  return html.replace("<title>", `<title>${MARK}`);
}

/** Whether any of a page's actions answered with an error. */
export function hasFormErrors(actionData: Record<string, unknown> | null | undefined): boolean {
  return Object.values(actionData ?? {}).some((answer) => {
    const errors = (answer as { errors?: object } | null)?.errors;
    return errors !== undefined && Object.keys(errors).length > 0;
  });
}

/** What a page's title begins with while its form was not taken: it is read out before all else. */
const MARK = "Error: ";

/** Marks the title of the page in the browser. @returns what takes the mark away */
export function markTitle(): () => void {
  document.title = MARK + unmarked(document.title);
  return () => {
    document.title = unmarked(document.title);
  };
}

/** The title as the page itself has it. React compares it with what it would write. */
export function unmarked(title: string): string {
  return title.startsWith(MARK) ? title.slice(MARK.length) : title;
}

/** Marks the title of a document whose form was not taken, for browsers without scripts. */
export function withMarkedTitle(html: string): string {
  return html.replace("<title>", `<title>${MARK}`);
}

/** Whether what the actions of a page answered has an error in it. */
export function hasFormErrors(actionData: Record<string, unknown> | null | undefined): boolean {
  return Object.values(actionData ?? {}).some((answer) => {
    const errors = (answer as { errors?: object } | null)?.errors;
    return errors !== undefined && Object.keys(errors).length > 0;
  });
}

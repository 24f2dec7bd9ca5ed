import type { ClientActionFunctionArgs } from "@remix-run/react";

/** Stands in place of a form's errors when the server did not answer. */
export const NO_CONNECTION =
  "No connection, so this may not have arrived. Press again in a moment.";

/**
 * The `clientAction` of pages with a form: without an answer the page stays, with what was typed and
 * the key of the attempt, so that pressing again is safe.
 *
 * @throws what the server answered with, when it is no result
 */
export async function keepWhenUnanswered({ request, serverAction }: ClientActionFunctionArgs) {
  const form = request.clone();
  try {
    return await serverAction();
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    const typed = [...(await form.formData())].filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[0] !== "password",
    );
    const errors = { "": NO_CONNECTION };
    const again = { values: Object.fromEntries(typed), errors, isUnanswered: true };
    // The status keeps the page from being loaded again, which would fail as well. `data` would be
    // wrapped a second time here, so it is a response.
    return Response.json(again, { status: 503 });
  }
}

/** Whether a request failed before it had a whole answer: no network, or one that broke off. */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error) || error.name === "AbortError") return false;
  return error instanceof TypeError || /turbo-stream|network/i.test(error.message);
}

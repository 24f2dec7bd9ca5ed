/** What a loader throws when there is nothing, or nothing that this visitor may know of. */
export function notFound(): Response {
  return new Response("There is nothing here.", { status: 404, statusText: "Not Found" });
}

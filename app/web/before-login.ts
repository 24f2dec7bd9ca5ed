import { redirect } from "@remix-run/node";

/**
 * Finds out who sends a form. Where nobody is signed in, what they sent may be kept before they are led
 * to the login page.
 *
 * @param require answers with who it is, or throws the redirect to the login page
 * @param keep given the way there; answers with where to lead them and with which cookies, or with null
 *   when nothing is kept
 * @throws the way that `keep` says, else whatever `require` throws
 */
export async function beforeLogin<T>(
  require: () => Promise<T>,
  keep: (login: string) => Promise<{ to: string; cookies: string[] } | null>,
): Promise<T> {
  try {
    return await require();
  } catch (thrown) {
    const login = thrown instanceof Response && thrown.headers.get("Location");
    const way = login ? await keep(login) : null;
    if (!way) throw thrown;
    const headers = new Headers(way.cookies.map((cookie) => ["Set-Cookie", cookie]));
    throw redirect(way.to, { status: 303, headers });
  }
}

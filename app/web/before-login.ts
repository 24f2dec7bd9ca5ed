import { redirect } from "@remix-run/node";

/**
 * Finds out who sends a form. If nobody is signed in, what they sent may be kept before they are led to
 * the login page.
 *
 * @param require returns the user, or throws the redirect to the login page
 * @param keep is given the login page's address; returns where to lead them and with which cookies, or
 *   null when nothing is kept
 * @throws a redirect to where `keep` says, else whatever `require` throws
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

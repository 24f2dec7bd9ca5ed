import { createCookie } from "@remix-run/node";
import { singleton } from "~/platform/singleton";
import { cookieName, cookieOptions } from "./sessions";

/** How long a secret waits for the page that shows it, in seconds. */
const SECONDS = 60;

/** The `Set-Cookie` value that carries a secret to the next page, which shows it. */
export function noteSecret(secret: string): Promise<string> {
  return secretCookie().serialize(secret);
}

/** The secret for this page, and the `Set-Cookie` value that keeps it from showing again. */
export async function takeSecret(
  request: Request,
): Promise<{ secret: string; cookie: string } | null> {
  const secret: unknown = await secretCookie().parse(request.headers.get("Cookie"));
  if (typeof secret !== "string" || secret === "") return null;
  return { secret, cookie: await secretCookie().serialize("", { maxAge: 0 }) };
}

function secretCookie() {
  return singleton("secret-cookie", () =>
    createCookie(cookieName("secret"), { ...cookieOptions(), maxAge: SECONDS }),
  );
}

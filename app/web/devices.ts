import { createHmac, randomBytes } from "node:crypto";
import { type Cookie, createCookie } from "@remix-run/node";
import * as z from "zod";
import { singleton } from "~/platform/singleton";
import { sessionSecrets } from "~/platform/web-settings";
import { cookieName, cookieOptions } from "./sessions";

/** As long as browsers keep a cookie at most, in seconds: 400 days. */
const DEVICE_SECONDS = 400 * 24 * 3600;
/** How many accounts a browser is remembered for: enough for a family. */
const MOST_ACCOUNTS = 5;

const MARK = z.string().regex(/^[\w-]{22}$/);
const deviceSchema = z.object({ id: MARK, accounts: z.array(MARK).max(MOST_ACCOUNTS) });

type Device = z.infer<typeof deviceSchema>;

/** The device that sent these cookies, if it has logged in to this account before. */
export async function findDevice(request: Request, email: string): Promise<string | undefined> {
  const device = await readDevice(request);
  if (!device) return undefined;
  const marks = marksOf(device.id, email);
  return device.accounts.some((mark) => marks.includes(mark)) ? device.id : undefined;
}

/** The `Set-Cookie` value by which the device is known at this account from now on. */
export async function rememberDevice(request: Request, email: string): Promise<string> {
  const known = await readDevice(request);
  const id = known?.id ?? randomBytes(16).toString("base64url");
  const [mark = "", ...previous] = marksOf(id, email);
  const others = (known?.accounts ?? []).filter(
    (each) => each !== mark && !previous.includes(each),
  );
  const accounts = [mark, ...others];
  const device: Device = { id, accounts: accounts.slice(0, MOST_ACCOUNTS) };
  return deviceCookie().serialize(device);
}

async function readDevice(request: Request): Promise<Device | null> {
  const cookie: unknown = await deviceCookie().parse(request.headers.get("Cookie"));
  return deviceSchema.safeParse(cookie).data ?? null;
}

/**
 * Names an account on one device, by the present secret and by the previous one. Without a secret
 * nobody can make a name, or tell whose it is.
 */
function marksOf(id: string, email: string): string[] {
  return sessionSecrets().map((secret) => {
    const mac = createHmac("sha256", secret).update(`device\n${id}\n${email}`);
    return mac.digest("base64url").slice(0, 22);
  });
}

function deviceCookie(): Cookie {
  return singleton("device-cookie", () =>
    createCookie(cookieName("device"), { ...cookieOptions(), maxAge: DEVICE_SECONDS }),
  );
}

import { createHmac, randomBytes } from "node:crypto";
import { type Cookie, createCookie } from "@remix-run/node";
import * as z from "zod";
import { env } from "~/platform/env";
import { singleton } from "~/platform/singleton";
import { cookieName, cookieOptions } from "./sessions";

/** As long as browsers keep a cookie at most, in seconds: 400 days. */
const DEVICE_SECONDS = 400 * 24 * 3600;
/** At how many accounts a browser is known: a family's. */
const MOST_ACCOUNTS = 5;

const MARK = z.string().regex(/^[\w-]{22}$/);
const deviceSchema = z.object({ id: MARK, accounts: z.array(MARK).max(MOST_ACCOUNTS) });

type Device = z.infer<typeof deviceSchema>;

/** The device that sent these cookies, if somebody has logged in to this account there before. */
export async function findDevice(request: Request, email: string): Promise<string | undefined> {
  const device = await readDevice(request);
  return device?.accounts.includes(markOf(device.id, email)) ? device.id : undefined;
}

/** The `Set-Cookie` value by which the device is known at this account from now on. */
export async function rememberDevice(request: Request, email: string): Promise<string> {
  const known = await readDevice(request);
  const id = known?.id ?? randomBytes(16).toString("base64url");
  const accounts = [...new Set([markOf(id, email), ...(known?.accounts ?? [])])];
  const device: Device = { id, accounts: accounts.slice(0, MOST_ACCOUNTS) };
  return deviceCookie().serialize(device);
}

async function readDevice(request: Request): Promise<Device | null> {
  const cookie: unknown = await deviceCookie().parse(request.headers.get("Cookie"));
  return deviceSchema.safeParse(cookie).data ?? null;
}

/** Names an account on one device. Without the secret nobody can make it, or tell whose it is. */
function markOf(id: string, email: string): string {
  const mac = createHmac("sha256", env().SESSION_SECRET).update(`device\n${id}\n${email}`);
  return mac.digest("base64url").slice(0, 22);
}

function deviceCookie(): Cookie {
  return singleton("device-cookie", () =>
    createCookie(cookieName("device"), { ...cookieOptions(), maxAge: DEVICE_SECONDS }),
  );
}

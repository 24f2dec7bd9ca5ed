import { createSecretKey, type KeyObject } from "node:crypto";
import jwt from "jsonwebtoken";
import { now } from "~/platform/clock";
import { isUuid } from "~/platform/ids";
import { singleton } from "~/platform/singleton";
import { tokenSecrets } from "~/platform/web-settings";
import { findUser, type UserView } from "./users";

/** How long an access token is valid, in seconds: eight hours. */
export const TOKEN_SECONDS = 8 * 3600;
/** How long a process believes what it knows about a token's user, in seconds. */
export const USER_CACHE_SECONDS = 30;

const CACHE_SIZE = 20_000;
const ALGORITHM = "HS256";
const ISSUER = "mini-compete";
const AUDIENCE = "mini-compete-api";

/** Makes a token for `Authorization: Bearer` (RFC 6750, RFC 7519). It names the user, no more. */
export async function issueAccessToken(
  user: Pick<UserView, "id">,
): Promise<{ accessToken: string; expiresInSeconds: number }> {
  const issuedAt = Math.floor(now().getTime() / 1000);
  const claims = { sub: user.id, iss: ISSUER, aud: AUDIENCE, iat: issuedAt };
  const [key] = secretKeys();
  const accessToken = jwt.sign({ ...claims, exp: issuedAt + TOKEN_SECONDS }, key, {
    algorithm: ALGORITHM,
  });
  return { accessToken, expiresInSeconds: TOKEN_SECONDS };
}

/** The user of a token, or null when it is forged, expired, meant for another service or no token. */
export function findTokenUser(token: string): Promise<UserView | null> {
  const known = cache.get(token);
  if (known && known.until > now().getTime()) return known.user;
  return judge(token);
}

interface CachedUser {
  user: Promise<UserView | null>;
  /** Milliseconds. After that the token is verified and its user looked up again. */
  until: number;
}

const cache = singleton("token-users", () => new Map<string, CachedUser>());

function judge(token: string): Promise<UserView | null> {
  const until = now().getTime() + USER_CACHE_SECONDS * 1000;
  const claims = verify(token);
  if (!claims) return Promise.resolve(null);
  const entry = {
    until: Math.min(until, claims.expiresAt),
    user: findUser(claims.userId),
  };
  cache.delete(token);
  const oldest = cache.size >= CACHE_SIZE ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(token, entry);

  // A token without a user, or a failed look-up, is not remembered.
  const drop = () => void (cache.get(token) === entry && cache.delete(token));
  entry.user.then((user) => user ?? drop(), drop);
  return entry.user;
}

interface Claims {
  userId: string;
  /** Milliseconds. */
  expiresAt: number;
}

/** By any of the keys: while a secret is being changed, tokens of the previous one still count. */
function verify(token: string): Claims | null {
  for (const key of secretKeys()) {
    const claims = verifyBy(key, token);
    if (claims) return claims;
  }
  return null;
}

function verifyBy(key: KeyObject, token: string): Claims | null {
  try {
    const claims = jwt.verify(token, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      clockTimestamp: Math.floor(now().getTime() / 1000),
    });
    // The library checks an expiry only where there is one; our tokens always have one.
    if (typeof claims === "string" || !claims.sub || !claims.exp) return null;
    return isUuid(claims.sub) ? { userId: claims.sub, expiresAt: claims.exp * 1000 } : null;
  } catch {
    return null;
  }
}

// Made once: from the text the library would make a key for each token, at forty times the cost.
function secretKeys(): [KeyObject, ...KeyObject[]] {
  return singleton("token-keys", () => {
    const [current, ...previous] = tokenSecrets();
    return [keyOf(current), ...previous.map(keyOf)];
  });
}

function keyOf(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret));
}

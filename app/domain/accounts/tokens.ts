import { createSecretKey, type KeyObject } from "node:crypto";
import jwt from "jsonwebtoken";
import { LRUCache } from "lru-cache";
import { now } from "~/platform/clock";
import { toUuid } from "~/platform/ids";
import { singleton } from "~/platform/singleton";
import { tokenSecrets } from "~/platform/web-settings";
import { findUser, type UserView } from "./users";

/** How long an access token is valid, in seconds: eight hours. */
export const TOKEN_SECONDS = 8 * 3600;

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

/**
 * The user of a token as the database has them now, or null when they are gone, or the token is
 * forged, expired, meant for another service or no token.
 */
export async function findTokenUser(token: string): Promise<UserView | null> {
  const claims = verifyOnce(token);
  return claims && findUser(claims.userId);
}

interface Claims {
  userId: string;
  /** Milliseconds. */
  expiresAt: number;
}

const cache = singleton("verified-tokens", () => new LRUCache<string, Claims>({ max: CACHE_SIZE }));

/** Remembers what a token says, which cannot change, and never what its user may do, which can. */
function verifyOnce(token: string): Claims | null {
  const known = cache.get(token);
  if (known && known.expiresAt > now().getTime()) return known;
  const claims = verify(token);
  if (claims) cache.set(token, claims);
  else cache.delete(token);
  return claims;
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
    const userId = toUuid(claims.sub);
    return userId === null ? null : { userId, expiresAt: claims.exp * 1000 };
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

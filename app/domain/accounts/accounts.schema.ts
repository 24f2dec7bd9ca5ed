import * as z from "zod";
import {
  hasHiddenCharacters,
  hasLink,
  hasPiledAccents,
  isBlank,
  mayBeNormalized,
} from "~/platform/words";
import { isTooCommon } from "./common-passwords";
import { canonicalAddress } from "./email-address";

/** bcrypt reads no further than this: a longer password would be cut off silently. */
export const PASSWORD_MAX_BYTES = 72;
const PASSWORD_MIN_CHARACTERS = 8;

/** Postgres refuses NUL, and half a surrogate pair would come back as another character. */
const isStorable = (value: string) => !/\0|\p{Surrogate}/u.test(value);

/** In UTF-8. */
export const byteLength = (value: string) => new TextEncoder().encode(value).length;

const email = z
  .string("Enter an email address.")
  .trim()
  .min(1, "Enter an email address.")
  .max(254, { error: "An email address can have at most 254 characters.", abort: true })
  .transform((value, context) => {
    const address = canonicalAddress(value);
    if (address !== null) return address;
    context.addIssue({ code: "custom", message: "Enter an email address like name@example.com." });
    return z.NEVER;
  })
  .meta({ format: "idn-email" });

const FEW_ACCENTS = "A letter of a name can have at most 8 accents.";

const name = z
  .string("Enter your name.")
  .refine(mayBeNormalized, { error: FEW_ACCENTS, abort: true })
  .normalize("NFC")
  .trim()
  .min(1, "Enter your name.")
  .max(100, { error: "A name can have at most 100 characters.", abort: true })
  .refine((value) => !hasHiddenCharacters(value), "A name cannot contain invisible characters.")
  .refine((value) => !hasPiledAccents(value), FEW_ACCENTS)
  .refine(
    (value) => value === "" || hasHiddenCharacters(value) || !isBlank(value),
    "Enter a name with something visible in it.",
  )
  // It greets its owner in mail, and whoever signs up chooses whom the mail goes to.
  .refine((value) => !hasLink(value), "A name cannot contain a web or email address.");

const TOO_LONG = "This password is too long. 72 letters and digits fit, fewer of other characters.";
/** No password is longer, however its accents are composed. To look at more would only cost. */
const LONGEST_PASSWORD = 1_000;

const newPassword = z
  .string("Enter a password.")
  .min(1, { error: "Enter a password.", abort: true })
  .max(LONGEST_PASSWORD, { error: TOO_LONG, abort: true })
  .refine(isStorable, "A password cannot contain NUL characters.")
  // One password, however a keyboard composes its accents.
  .normalize("NFKC")
  // Characters as NIST SP 800-63B counts them, which are not JavaScript's.
  .refine(
    (value) => Array.from(value).length >= PASSWORD_MIN_CHARACTERS,
    "Use at least 8 characters.",
  )
  .refine((value) => byteLength(value) <= PASSWORD_MAX_BYTES, TOO_LONG)
  .refine(
    (value) => !isTooCommon(value),
    "This is one of the most common passwords. Choose another one.",
  )
  .meta({
    description: "At least 8 characters and at most 72 bytes, in UTF-8 after NFKC",
    minLength: PASSWORD_MIN_CHARACTERS,
    maxLength: PASSWORD_MAX_BYTES,
  });

// Any length: a password that cannot exist is a wrong password, not a malformed one.
const givenPassword = z
  .string("Enter your password.")
  .min(1, "Enter your password.")
  .max(LONGEST_PASSWORD, { error: TOO_LONG, abort: true })
  .refine(isStorable, "A password cannot contain NUL characters.");

export const roleSchema = z.enum(["PARTICIPANT", "ORGANIZER"], "Choose Participant or Organizer.");

/** What signing up takes. */
export const signUpSchema = z.object({ name, email, password: newPassword, role: roleSchema });

/** What logging in takes. */
export const logInSchema = z.object({ email, password: givenPassword });

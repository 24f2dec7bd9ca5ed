import * as z from "zod";

/** bcrypt reads no further than this: a longer password would be cut off silently. */
export const PASSWORD_MAX_BYTES = 72;
export const PASSWORD_MIN_BYTES = 8;

/** Postgres refuses NUL, and half a surrogate pair would come back as another character. */
const isStorable = (value: string) => !/\0|\p{Surrogate}/u.test(value);

const byteLength = (value: string) => new TextEncoder().encode(value).length;

// The address is judged before it is lower-cased: the Kelvin sign's lower case is an ASCII k.
const email = z
  .string("Enter an email address.")
  .trim()
  .max(254, "An email address has at most 254 characters.")
  .check(z.email("Enter an email address like name@example.com."))
  .toLowerCase();

const name = z
  .string("Enter your name.")
  .trim()
  .min(1, "Enter your name.")
  .max(100, "A name has at most 100 characters.")
  .refine((value) => isStorable(value) && !/\p{Cc}/u.test(value), {
    message: "A name has no control characters.",
  });

const newPassword = z
  .string("Enter a password.")
  .max(PASSWORD_MAX_BYTES, "A password has at most 72 bytes.")
  .refine(isStorable, "A password has no NUL characters.")
  // One password, however a keyboard composes its accents.
  .normalize("NFKC")
  .refine((value) => byteLength(value) >= PASSWORD_MIN_BYTES, "A password has at least 8 bytes.")
  .refine((value) => byteLength(value) <= PASSWORD_MAX_BYTES, "A password has at most 72 bytes.")
  .meta({ description: "8 to 72 bytes in UTF-8" });

// Any length: a password that cannot exist is a wrong password, not a malformed one.
const givenPassword = z
  .string("Enter your password.")
  .min(1, "Enter your password.")
  .max(1_000, "A password has at most 72 bytes.")
  .refine(isStorable, "A password has no NUL characters.")
  .normalize("NFKC");

export const roleSchema = z.enum(["PARTICIPANT", "ORGANIZER"], "Choose Participant or Organizer.");

/** What signing up takes. */
export const signUpSchema = z.object({ name, email, password: newPassword, role: roleSchema });

/** What logging in takes. */
export const logInSchema = z.object({ email, password: givenPassword });

/** Who is signed in, as pages need to know them: the domain's `SessionUser`. */
interface SignedIn {
  id: string;
  email: string;
  name: string;
  role: "PARTICIPANT" | "ORGANIZER";
  isVerified: boolean;
}

/** Whom a kept page is made for: nobody there is. Their words are marks, random ones. */
export interface StandIn {
  requestId: string;
  idempotencyKey: string;
  user: SignedIn | null;
  /** A mark for a text that is made anew for each visitor when the page is sent. */
  each: (make: () => string) => string;
  /** From when on what the page shows is not true any more, by `performance.now()`. */
  until?: number | undefined;
}

/** Who asks for a page that much the same is kept of. */
export type Visitor =
  /** Nobody that we know. */
  | { sees: "what nobody sees"; user?: undefined }
  /** Of whom the page shows no more than the name. */
  | { sees: "what participants see"; user: Promise<SignedIn>; id: string; name: string }
  /** Of whom it shows more, or who must see what they changed a moment ago. */
  | { sees: "a page of their own"; user: Promise<SignedIn | null> | undefined };

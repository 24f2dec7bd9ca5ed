/** What the doctor says of one thing. */
export interface Verdict {
  check: string;
  verdict: "good" | "advice" | "bad";
  /** What was found, in a sentence. */
  says: string;
  /** What to do about it, unless it is good. */
  mend?: string;
}

export function good(check: string, says: string): Verdict {
  return { check, verdict: "good", says };
}

/** It works, and could be better, or nobody could find out. */
export function advice(check: string, says: string, mend: string): Verdict {
  return { check, verdict: "advice", says, mend };
}

/** It does not work, or not for long, or not safely. */
export function bad(check: string, says: string, mend: string): Verdict {
  return { check, verdict: "bad", says, mend };
}

import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import { breakUpNames, plainWords } from "~/platform/words";

export interface MailContent {
  subject: string;
  heading: string;
  paragraphs: string[];
  /** What a reader looks for at a glance: label and value. */
  details: [label: string, value: string][];
  action: { label: string; url: string };
  /** The address of a file for calendars. */
  calendarUrl?: string | null;
  /** The file that goes along by SMTP. */
  calendar?: string | null;
}

/** Stands on both sides of a name in a template. Nobody can guess it, so nobody's words have it. */
export const MARK = randomBytes(12).toString("hex");

/**
 * What a mail says, without what names and titles may have brought in before they were judged at
 * their entry: links, line breaks, invisible characters. The only links that mail carries are its
 * action and its event. A subject is no place for links, so names with a dot stay in it as people search for them.
 */
export function plainContent(content: MailContent): MailContent {
  return {
    ...content,
    subject: inSubject(content.subject),
    heading: inBody(content.heading),
    paragraphs: content.paragraphs.map(inBody),
    details: content.details.map(([label, value]) => [label, inBody(value)]),
  };
}

/** Nothing but visible ASCII without a dot, a colon or an at sign: no link, and no trick, does without. */
const HARMLESS = /^[\x20-\x2D\x2F-\x39\x3B-\x3F\x41-\x7E]*$/;
const REMEMBERED = 1_000;

export const inSubject = betweenMarks(remembering(plainWords));
export const inBody = betweenMarks(remembering((line) => breakUpNames(plainWords(line))));

/** Judges what stands beside the marks; what is filled in there is judged by itself. */
function betweenMarks(judge: (line: string) => string): (line: string) => string {
  return (line) => {
    if (!line.includes(MARK)) return judge(line);
    return line
      .split(MARK)
      .map((part, at) => (at % 2 ? part : judge(part)))
      .join(MARK);
  };
}

/** Judges a line once that many mails of one competition have in common. */
function remembering(judge: (line: string) => string): (line: string) => string {
  const judged = new LRUCache<string, string>({ max: REMEMBERED, memoMethod: judge });
  return (line) => (HARMLESS.test(line) ? line : judged.memo(line));
}

import { breakUpNames, plainWords } from "~/platform/words";

export interface MailContent {
  subject: string;
  heading: string;
  paragraphs: string[];
  /** What a reader looks for at a glance: label and value. */
  details: [label: string, value: string][];
  action: { label: string; url: string };
}

/**
 * What a mail says, without what names and titles may have brought in before they were judged at
 * their entry: links, line breaks, invisible characters. The only link that mail carries is its
 * action. A subject is no place for links, so names with a dot stay in it as people search for them.
 */
export function plainContent(content: MailContent): MailContent {
  return {
    subject: plainWords(content.subject),
    heading: inBody(content.heading),
    paragraphs: content.paragraphs.map(inBody),
    details: content.details.map(([label, value]) => [label, inBody(value)]),
    action: content.action,
  };
}

function inBody(line: string): string {
  return breakUpNames(plainWords(line));
}

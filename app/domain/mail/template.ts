import type { MailContents } from "./messages";
import { inBody, inSubject, MARK, type MailContent } from "./plain";
import { escapeHtml, renderMail } from "./render";

/** The texts of a template that differ from reader to reader, by name; null where a reader has none. */
type Texts = Record<string, string | null>;

/**
 * Mail to a crowd. The part that all of them read is judged and rendered once for each object that the mail
 * is about; after that, only each reader's own texts are.
 *
 * @param say writes the mail; it gets a mark in place of each of the reader's own texts
 */
export function mailTemplate<About extends object, Own extends Texts>(
  say: (about: About, own: Own) => MailContent,
): (about: About, own: Own) => MailContents {
  const templates = new WeakMap<About, Map<string, Template>>();
  return (about, own) => {
    const known = templates.get(about) ?? new Map<string, Template>();
    const given = namesOf(own);
    const template = known.get(given) ?? cutOut(renderMail(say(about, marked(own))));
    if (!known.has(given)) templates.set(about, known.set(given, template));
    return {
      subject: fill(template.subject, own, inSubject),
      text: fill(template.text, own, inBody),
      html: fill(template.html, own, inHtml),
      calendar: template.calendar,
    };
  };
}

/** Readers with other texts (without a seat, say) get another rendering. */
function namesOf(own: Texts): string {
  let names = "";
  for (const name in own) if (own[name] !== null) names += `${name} `;
  return names;
}

/** What stands for each text. */
function marked<Own extends Texts>(own: Own): Own {
  const marks = Object.entries(own).map(([name, text]) => [
    name,
    text === null ? null : `${MARK}${name}${MARK}`,
  ]);
  return Object.fromEntries(marks) as Own;
}

/** Each second part is the name of what stands there. */
interface Template {
  subject: string[];
  text: string[];
  html: string[];
  calendar: string | null;
}

function cutOut({ subject, text, html, calendar = null }: MailContents): Template {
  const cut = (whole: string) => whole.split(MARK);
  return { subject: cut(subject), text: cut(text), html: cut(html), calendar };
}

function fill(parts: string[], own: Texts, written: (text: string) => string): string {
  let filled = "";
  for (const [at, part] of parts.entries()) filled += at % 2 ? written(own[part] ?? "") : part;
  return filled;
}

function inHtml(text: string): string {
  return escapeHtml(inBody(text));
}

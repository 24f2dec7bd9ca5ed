import { LRUCache } from "lru-cache";
import MarkdownIt, { type Token } from "markdown-it";
import { linkOf } from "./web-link";

/** Texts stand below an h2, so their own headings begin here. */
const FIRST_HEADING = 3;
/** With more addresses than this, none becomes a link: looking for them takes quadratic time. */
const MOST_LINKS = 100;
/** Texts that are kept as HTML, and without marks: those on the pages that are looked at. */
const KEPT = 100;

/** Where links may lead, without a name and password. Everything else stays as it was typed. */
const LINKED = /^(?:https?:\/\/[^/]|mailto:)/i;
const mayBeLinked = (url: string) =>
  LINKED.test(url) && (/^mailto:/i.test(url) || linkOf(url) !== null);

const markdown = new MarkdownIt("commonmark", { html: false, breaks: true });
// Indenting is not meant as code.
markdown.disable("code").enable("linkify");
markdown.validateLink = mayBeLinked;
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false }).add("ftp:", null).add("//", null);

const { rules } = markdown.renderer;
rules.link_open = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet("rel", "nofollow ugc noopener");
  return self.renderToken(tokens, index, options);
};
// Nothing is loaded from other sites: a picture becomes its description.
rules.image = (tokens, index) => asText(wordsOf(tokens[index]?.children ?? []));
rules.fence = (tokens, index) =>
  `<pre><code>${asText(tokens[index]?.content ?? "")}</code></pre>\n`;

const kept = new LRUCache<string, string>({ max: KEPT, memoMethod: render });

/**
 * The HTML of a text in Markdown (CommonMark). It has none of the writer's own HTML, no pictures, links to
 * http, https and mailto only, and headings below an h2 without skipped levels.
 */
export function markdownToHtml(text: string): string {
  return kept.memo(text);
}

const keptTexts = new LRUCache<string, string>({ max: KEPT, memoMethod: unmark });

/** The same text without its marks, one block or list item on each line, for where there is no HTML. */
export function markdownToText(text: string): string {
  return keptTexts.memo(text);
}

function unmark(text: string): string {
  const lines: string[] = [];
  let item = "";
  for (const { type, info, children, content } of parse(text)) {
    if (type === "list_item_open") item = info ? `${info}. ` : "- ";
    const words = type === "inline" ? wordsOf(children ?? []) : type === "fence" ? content : "";
    if (words === "") continue;
    lines.push(`${item}${words.trimEnd()}`);
    item = "";
  }
  return lines.join("\n");
}

/** The same in one line of a limited number of characters, cut between words if possible. */
export function markdownToLine(text: string, most: number): string {
  const line = markdownToText(text).replace(/\s+/g, " ").trim();
  if (line.length <= most) return line;
  const end = graphemes.segment(line).containing(most - 1)?.index ?? most - 1;
  const space = line.lastIndexOf(" ", end);
  return `${line.slice(0, space > most / 2 ? space : end)}…`;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

function render(text: string): string {
  return markdown.renderer.render(parse(text), markdown.options, {});
}

function parse(text: string): Token[] {
  const isLinked = text.split("://", MOST_LINKS + 2).length <= MOST_LINKS + 1;
  markdown.set({ linkify: isLinked });
  const tokens = markdown.parse(text, {});
  setHeadings(tokens);
  for (const token of tokens) if (BLOCKS.has(token.type)) token.attrSet("dir", "auto");
  return tokens;
}

/** Elements that may be in a script of their own direction. */
const BLOCKS = new Set(["paragraph_open", "heading_open", "bullet_list_open", "ordered_list_open"]);

/** Heading levels by nesting, whatever the writer skipped: screen readers go from one level to the next. */
function setHeadings(tokens: Token[]): void {
  const above: number[] = [];
  for (const token of tokens) {
    if (token.type !== "heading_open" && token.type !== "heading_close") continue;
    const level = Number(token.markup === "=" ? 1 : token.markup === "-" ? 2 : token.markup.length);
    while ((above.at(-1) ?? 0) >= level) above.pop();
    above.push(level);
    token.tag = `h${Math.min(FIRST_HEADING - 1 + above.length, 6)}`;
  }
}

/** The words in a line, without what marks them. */
function wordsOf(tokens: Token[]): string {
  return tokens
    .map(({ type, content, children }) => {
      if (type === "softbreak" || type === "hardbreak") return "\n";
      return children ? wordsOf(children) : content;
    })
    .join("");
}

function asText(text: string): string {
  return markdown.utils.escapeHtml(text);
}

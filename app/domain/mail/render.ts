import type { MailContents } from "./messages";
import { type MailContent, plainContent } from "./plain";

/** Renders mail as text, and as HTML that says the same, of plain words only. */
export function renderMail(content: MailContent): MailContents {
  const plain = plainContent(content);
  const { subject, calendar } = plain;
  return { subject, text: renderText(plain), html: renderHtml(plain), calendar };
}

function renderText({ heading, paragraphs, details, action, calendarUrl }: MailContent): string {
  const width = Math.max(0, ...details.map(([label]) => label.length));
  const table = details.map(([label, value]) => `${`${label}:`.padEnd(width + 2)}${value}`);
  const links = [`${action.label}: ${action.url}`, calendarUrl && `${TO_CALENDAR}: ${calendarUrl}`];
  const parts = [heading, ...paragraphs, table.join("\n"), links.filter(Boolean).join("\n")];
  return `${parts.filter(Boolean).join("\n\n")}\n\n-- \nMini Compete\n`;
}

const TO_CALENDAR = "Add to calendar";

/**
 * Mail readers know tables and inline styles, and little else: colours and type are those of the pages
 * (app/tailwind.css). The one sheet of styles is for readers that show mail in the dark.
 *
 * Every mail is stored as it was sent, so each letter counts, and none of ours is beyond ASCII, which
 * would make all of it take twice the memory.
 */
function renderHtml(content: MailContent): string {
  const { subject, heading, paragraphs, details, action, calendarUrl } = content;
  const rows = details.map(
    ([label, value]) =>
      `<tr><th scope="row" class="s" style="${LABEL}">${escapeHtml(label)}</th><td dir="auto" style="${VALUE}">${escapeHtml(value)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${DARK}</style>
</head>
<body class="p" style="margin:0;padding:24px 12px;background:#fbfbf8;color:#171a17;font:16px/1.6 ${FONT}">
<div style="max-width:560px;margin:0 auto">
<p style="margin:0 4px 14px;font-weight:700;letter-spacing:-.01em"><span class="a" style="color:#0b6b4f">&#9602;&#9607;&#9605;</span>&nbsp; Mini Compete</p>
<div class="c" style="padding:28px 24px;background:#fff;border:1px solid #e1e1da;border-radius:16px">
<h1 dir="auto" style="margin:0 0 16px;font-size:24px;line-height:1.25;letter-spacing:-.02em">${escapeHtml(heading)}</h1>
${paragraphs.map((paragraph) => `<p dir="auto" style="margin:0 0 16px">${escapeHtml(paragraph)}</p>`).join("\n")}
${rows.length > 0 ? `<table class="l" style="${TABLE}"><tbody valign="top">\n${rows.join("\n")}\n</tbody></table>` : ""}
<p style="margin:24px 0 0"><a class="b" href="${escapeHtml(action.url)}" style="${BUTTON}">${escapeHtml(action.label)}</a></p>
${calendarUrl ? `<p style="margin:16px 0 0"><a class="a" href="${escapeHtml(calendarUrl)}" style="color:#0b6b4f">${TO_CALENDAR}</a></p>` : ""}
</div>
<p class="s" style="margin:16px 4px 0;color:#565a53;font-size:13px">Mini Compete. Every seat is given once.</p>
</div>
</body>
</html>
`;
}

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const TABLE =
  "width:100%;border-collapse:collapse;border-top:1px solid #e1e1da;font-size:15px;line-height:1.5;font-weight:600";
const LABEL =
  "padding:10px 16px 0 0;color:#565a53;font-weight:400;text-align:start;white-space:nowrap";
const VALUE = "width:100%;padding:10px 0 0";
const BUTTON =
  "display:inline-block;padding:11px 20px;border-radius:10px;background:#0b6b4f;color:#fff;font-weight:600;text-decoration:none";
const DARK =
  "@media(prefers-color-scheme:dark){.p{background:#121412!important;color:#eceee9!important}.c{background:#1b1e1b!important;border-color:#30352f!important}.l{border-color:#30352f!important}.s{color:#a9aea4!important}.a{color:#6fd3ab!important}.b{background:#6fd3ab!important;color:#06251a!important}}";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

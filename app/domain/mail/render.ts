import type { MailContents } from "./messages";
import { type MailContent, plainContent } from "./plain";

/** Renders mail as text, and as HTML that says the same, of plain words only. */
export function renderMail(content: MailContent): MailContents {
  const plain = plainContent(content);
  return { subject: plain.subject, text: renderText(plain), html: renderHtml(plain) };
}

function renderText({ heading, paragraphs, details, action }: MailContent): string {
  const width = Math.max(0, ...details.map(([label]) => label.length));
  const table = details.map(([label, value]) => `${`${label}:`.padEnd(width + 2)}${value}`);
  const parts = [heading, ...paragraphs, table.join("\n"), `${action.label}: ${action.url}`];
  return `${parts.filter(Boolean).join("\n\n")}\n\n-- \nMini Compete\n`;
}

/** Mail readers know tables and inline styles, and little else. */
function renderHtml({ subject, heading, paragraphs, details, action }: MailContent): string {
  const rows = details.map(
    ([label, value]) =>
      `<tr><th scope="row" style="text-align:left;font-weight:normal;color:#57606a;padding:4px 16px 4px 0;vertical-align:top">${escapeHtml(label)}</th><td dir="auto" style="padding:4px 0">${escapeHtml(value)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:24px;background:#ffffff;color:#1f2328;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:560px;margin:0 auto">
<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${escapeHtml(heading)}</h1>
${paragraphs.map((paragraph) => `<p style="margin:0 0 16px">${escapeHtml(paragraph)}</p>`).join("\n")}
<table style="border-collapse:collapse;margin:0 0 24px">
${rows.join("\n")}
</table>
<p style="margin:0 0 32px"><a href="${escapeHtml(action.url)}" style="display:inline-block;padding:10px 16px;border-radius:6px;background:#0b57d0;color:#ffffff;text-decoration:none">${escapeHtml(action.label)}</a></p>
<p style="margin:0;padding-top:16px;border-top:1px solid #d0d7de;color:#57606a;font-size:13px">Mini Compete</p>
</div>
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

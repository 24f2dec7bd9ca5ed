import { expect, test } from "vitest";
import { markdownToHtml, markdownToLine, markdownToText } from "./markdown";

test("marks become HTML, lines stay as they were typed, and each block has its direction", () => {
  expect(
    markdownToHtml("**Bring** a _board_\nand a clock.\n\n- one\n- two\n\n1. first\n\n> said"),
  ).toBe(
    `<p dir="auto"><strong>Bring</strong> a <em>board</em><br />
and a clock.</p>
<ul dir="auto">
<li>one</li>
<li>two</li>
</ul>
<ol dir="auto">
<li>first</li>
</ol>
<blockquote>
<p dir="auto">said</p>
</blockquote>
`,
  );
  expect(markdownToHtml("    indented, and no code")).toBe(
    '<p dir="auto">indented, and no code</p>\n',
  );
  expect(markdownToHtml('```js"><b>\n<i> & "\n```')).toBe(
    "<pre><code>&lt;i&gt; &amp; &quot;\n</code></pre>\n",
  );
});

test("headings stand below an h2 and leave no level out", () => {
  const levels = (text: string) => markdownToHtml(text).match(/(?<=<)h\d/g);
  expect(levels("# a\n## b\n# c")).toEqual(["h3", "h4", "h3"]);
  expect(levels("### a\n# b\n#### c\n## d\nf\n===\ng\n---")).toEqual([
    "h3",
    "h3",
    "h4",
    "h4",
    "h3",
    "h4",
  ]);
  expect(levels("# a\n## b\n### c\n#### d\n##### e\n###### f")?.at(-1)).toBe("h6");
});

test("links lead to the web and to mail programs only, and vouch for nothing", () => {
  const rel = 'rel="nofollow ugc noopener"';
  expect(markdownToHtml("[here](https://a.example/?b=c&d)")).toContain(
    `<a href="https://a.example/?b=c&amp;d" ${rel}>here</a>`,
  );
  expect(markdownToHtml("See https://a.example/b.")).toContain(
    `<a href="https://a.example/b" ${rel}>https://a.example/b</a>.`,
  );
  expect(markdownToHtml("<mailto:a@b.example>")).toContain(`<a href="mailto:a@b.example" ${rel}>`);
  for (const to of [
    "/logout",
    "//evil.example",
    "https:evil",
    "https://bank.example@evil.example/",
    "https://a:b@evil.example",
    "ftp://a.example",
    "#x",
    "a.example",
  ]) {
    expect(markdownToHtml(`[here](${to}) ${to}`), to).not.toContain("<a");
  }
});

/** What has got through other renderers: OWASP's cheat sheet, markdown-it's, marked's and showdown's reports. */
const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "<a href='javascript:alert(1)'>x</a>",
  "<iframe srcdoc='<script>alert(1)</script>'>",
  "<!--><img src=x onerror=alert(1)-->",
  "<x onclick=alert(1)>",
  "<style>*{display:none}</style>",
  "<details open ontoggle=alert(1)>",
  "</p></div><script>alert(1)</script>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\nscript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](&#x6A;avascript&colon;alert(1))",
  "[x](javascript&Tab;:alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x]( javascript:alert(1))",
  "[x](<javascript:alert(1)>)",
  "[x](vbscript:msgbox(1))",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[x](data:image/svg+xml,<svg/onload=alert(1)>)",
  "[x](file:///etc/passwd)",
  '[x](https://a.example/"onmouseover="alert(1))',
  "[x](https://a.example 'x\" onmouseover=\"alert(1)')",
  '[x](https://a.example ""onmouseover=alert(1)"")',
  "[x]: javascript:alert(1)\n\n[x]",
  '[x]: https://a.example "onclick=alert(1)\n\n[x]',
  "<javascript:alert(1)>",
  '<https://a.example/"onclick=alert(1)>',
  "![x](javascript:alert(1))",
  "![x](https://a.example/x.png)",
  '!["onerror="alert(1)](x)',
  "![![x](y)<img src=x onerror=alert(1)>](https://a.example)",
  '![x](https://a.example/x.png "onerror=alert(1)")',
  "[![x](https://a.example/x.png)](javascript:alert(1))",
  "https://a.example/<script>alert(1)</script>",
  'https://a.example/"onmouseover=alert(1)',
  "```\n</code></pre><script>alert(1)</script>\n```",
  "```html onclick=alert(1)\n<script>\n```",
  "`<script>alert(1)</script>`",
  "# <script>alert(1)</script>",
  "> <script>alert(1)</script>",
  "- <img src=x onerror=alert(1)>",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "&#60;script&#62;alert(1)&#60;/script&#62;",
  "\\<script>alert(1)\\</script>",
  "<scr\u0000ipt>alert(1)</scr\u0000ipt>",
  "\u2028<script>alert(1)</script>",
  "<<script>script>alert(1)<</script>/script>",
  "*<script>*alert(1)*</script>*",
  "[<script>alert(1)</script>](https://a.example)",
  '<a@b.example"onclick=alert(1)>',
  '<mailto:a@b.example?x="onclick=alert(1)>',
];

test.each(HOSTILE)("%j makes nothing but our own elements", (text) => {
  for (const each of [text, `a ${text} b`, `${text}\n\n${text}`]) {
    const html = markdownToHtml(each);
    // Whatever is not escaped: elements of ours, with attributes of ours, in quotes.
    const rest = html.replace(OURS, "");
    expect(rest, html).not.toMatch(/[<>]/);
    for (const [, to] of html.matchAll(/href="([^"]*)"/g)) {
      expect(to).toMatch(/^(?:https?:\/\/|mailto:)/);
    }
    expect(markdownToText(each)).not.toContain("\u0000");
  }
});

const OURS =
  /<\/?(?:p|h[3-6]|ul|ol|li|blockquote|strong|em|code|pre|hr|br|a)(?: (?:dir="auto"|start="\d+"|href="[^"<>]*"|title="[^"<>]*"|rel="nofollow ugc noopener"))*(?: \/)?>/g;

test("no ten thousand letters take long", () => {
  const hostile =
    '>|[|*a_|- |`|<|![|[a](|* a\n|\\|&|~|> - |1) |<!--|**a |a@b.c |http://a.b/((|[a]: <|_*|a**b|``a`|[[a]|](|\n\n>|https://|http://[|- a\n\n|[a]:b\n|(|"'.split(
      "|",
    );
  const started = performance.now();
  for (const one of hostile) markdownToHtml(one.repeat(10_000 / one.length));
  // Some 50 ms each on a machine with much else to do; what this is about takes half a minute each.
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("without HTML the words are left, a block or an item a line", () => {
  const text =
    "# Chess *by* night\n\nBring a **board**,\na `clock` and [friends](https://a.example).\n\n- tea\n- cake\n\n3. c\n4. d\n\n> ![a board](https://a.example/x.png)\n\n***\n\n```\n1. e4\n```\n\nTom &amp; Jerry <b>\\*";
  expect(markdownToText(text)).toBe(
    "Chess by night\nBring a board,\na clock and friends.\n- tea\n- cake\n3. c\n4. d\na board\n1. e4\nTom & Jerry <b>*",
  );
  expect(markdownToText("Seven rounds, 15 minutes each.\nBring a board.")).toBe(
    "Seven rounds, 15 minutes each.\nBring a board.",
  );
});

test("one line of a text ends between words, or at least between what people see as one", () => {
  expect(markdownToLine("# Chess\n\nby **night**", 20)).toBe("Chess by night");
  expect(markdownToLine("Seven rounds of fifteen minutes", 20)).toBe("Seven rounds of…");
  expect(markdownToLine("e\u0301".repeat(20), 10)).toBe(`${"e\u0301".repeat(4)}…`);
  expect(markdownToLine("👩‍👩‍👧".repeat(3), 11)).toBe("👩‍👩‍👧…");
});

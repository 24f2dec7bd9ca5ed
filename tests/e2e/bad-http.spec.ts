import { connect } from "node:net";
import { expect, test } from "@playwright/test";
import { siteUrl } from "./support/site-url";

test("a request whose end is ambiguous hides no other one behind it", async () => {
  const hidden = ["0", "", "GET /healthz HTTP/1.1", "Host: x", "", ""];
  const chunked = "Transfer-Encoding: chunked";
  const ends = [
    ["Content-Length: 5", chunked],
    [chunked, "Content-Length: 5"],
    ["Content-Length: 5", "Content-Length: 44"],
    ["Transfer-Encoding : chunked"],
    ["Transfer-Encoding: chunked, identity"],
    ["Content-Length: +5"],
  ];
  for (const end of ends) {
    for (const path of ["/login", "/api/auth/login"]) {
      const answers = await answersTo([
        `POST ${path} HTTP/1.1`,
        "Host: HOST",
        ...end,
        "",
        ...hidden,
      ]);
      expect(answers.match(/^HTTP.*$/gm), end.join()).toEqual(["HTTP/1.1 400 Bad Request"]);
    }
  }
});

test("what a request held is never sent back by TRACE", async () => {
  for (const path of ["/", "/favicon.svg", "/healthz", "/api/auth/me"]) {
    const head = [`TRACE ${path} HTTP/1.1`, "Host: HOST", "X-Secret: secret", "Connection: close"];
    const answers = await answersTo([...head, "", ""]);
    expect(answers, path).toMatch(/^HTTP\/1\.1 405 /);
    expect(answers).not.toContain("secret");
  }
});

/** Everything that comes back for bytes that no client of HTTP would send. */
async function answersTo(lines: string[]): Promise<string> {
  const { hostname, port, host } = new URL(siteUrl("/"));
  const socket = connect(Number(port || 80), hostname);
  // Not ended: who ends at once may be left without an answer.
  socket.write(lines.join("\r\n").replace("HOST", host));
  let answers = "";
  for await (const chunk of socket) answers += chunk;
  return answers;
}

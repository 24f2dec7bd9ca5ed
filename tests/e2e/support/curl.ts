import { execFile, spawnSync } from "node:child_process";

export interface CurlReply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  body: any;
}

/** Whether this machine has curl: a bare one need not. */
export const hasCurl = spawnSync("curl", ["--version"]).status === 0;

/** Runs curl with these arguments, as somebody would in a terminal, and reads what it printed. */
export function curl(...args: string[]): Promise<CurlReply> {
  return new Promise((resolve, reject) => {
    execFile("curl", ["--silent", "--show-error", "--include", ...args], (error, stdout) => {
      if (error) return reject(error);
      const [head = "", ...rest] = stdout.split("\r\n\r\n");
      const [statusLine = "", ...lines] = head.split("\r\n");
      const text = rest.join("\r\n\r\n");
      resolve({
        status: Number(statusLine.split(" ")[1]),
        headers: new Headers(
          lines.map((line): [string, string] => {
            const colon = line.indexOf(":");
            return [line.slice(0, colon), line.slice(colon + 1).trim()];
          }),
        ),
        body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
      });
    });
  });
}

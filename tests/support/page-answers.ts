/** A page as it came. */
export interface PageAnswer {
  status: number;
  headers: Headers;
  html: string;
  /** What one answer has to itself. */
  own: { nonce: string; requestId: string; key: string };
}

/** Opens a page. */
export async function lookAt(address: string, cookie: string): Promise<PageAnswer> {
  const { status, headers, ...response } = await read(address, cookie);
  const own = {
    nonce: /'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1] ?? "",
    requestId: headers.get("x-request-id") ?? "",
    key: /idempotencyKey\\*",\\*"([\da-f-]{36})/.exec(response.html)?.[1] ?? "no key",
  };
  return { status, headers, ...response, own };
}

async function read(address: string, cookie: string) {
  const response = await fetch(address, { headers: cookie ? { cookie } : {} });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

/** The page without what every answer has to itself, and without its moment. */
export function bare({ html, own }: PageAnswer): string {
  return Object.entries(own)
    .reduce((text, [name, value]) => text.replaceAll(value, `(${name})`), html)
    .replace(/\b1[78]\d{11}\b/g, "(now)");
}

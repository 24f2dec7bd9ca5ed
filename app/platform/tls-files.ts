import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { BadEnvironment } from "./bad-environment.ts";

/** Files in PEM form, each with the setting that names it. */
export interface TlsFiles {
  ca?: NamedFile | undefined;
  cert?: NamedFile | undefined;
  key?: NamedFile | undefined;
}

interface NamedFile {
  setting: string;
  path: string;
}

/**
 * Reads certificates and keys, for node's TLS.
 *
 * @throws BadEnvironment when one cannot be read or used
 */
export function readTlsFiles({ ca, cert, key }: TlsFiles): {
  ca?: string;
  cert?: string;
  key?: string;
} {
  const read = {
    ...(ca && { ca: readPem(ca) }),
    ...(cert && { cert: readPem(cert) }),
    ...(key && { key: readPem(key) }),
  };
  // Node passes over an authority that is none, and then trusts nobody.
  if (ca) use(ca, () => new X509Certificate(read.ca ?? ""));
  if (cert) use(cert, () => createSecureContext(read));
  return read;
}

function readPem(file: NamedFile): string {
  return use(file, () => readFileSync(file.path, "utf8"));
}

function use<T>({ setting, path }: NamedFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : error;
    throw new BadEnvironment(`${setting}: ${path} cannot be used (${reason})`);
  }
}

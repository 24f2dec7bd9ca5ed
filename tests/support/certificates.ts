import { generateKeyPairSync } from "node:crypto";
import { chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import forge from "node-forge";
import { unprivilegedAccount } from "../../scripts/services/postgres-program.ts";

/** Paths of PEM files. */
export interface Certificates {
  /** The authority that signed the certificate. */
  ca: string;
  /** Another authority, of the same name. */
  otherCa: string;
  /** A server's, for 127.0.0.1, ::1 and db.example. */
  cert: string;
  key: string;
}

/** Makes them in a folder, where servers of every account can read them. */
export function makeCertificates(folder: string): Certificates {
  const [authority, other, server] = [keyPair(), keyPair(), keyPair()];
  const own = certificate({ of: server, subject: "db.example", signedBy: authority });
  const write = (name: string, pem: string, mode = 0o644) => {
    const path = join(folder, name);
    writeFileSync(path, pem, { mode });
    return path;
  };
  const key = write("server.key", server.privatePem, 0o600);
  // PostgreSQL takes no key that others can read, and does not run as root.
  const account = unprivilegedAccount();
  if (account) chownSync(key, account.uid, account.gid);
  return {
    ca: write("ca.pem", certificate({ of: authority, subject: CA, signedBy: authority })),
    otherCa: write("other-ca.pem", certificate({ of: other, subject: CA, signedBy: other })),
    cert: write("server.pem", own),
    key,
  };
}

type KeyPair = ReturnType<typeof keyPair>;

const CA = "authority of the tests";
const HOUR_MS = 3_600_000;

function keyPair() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const privatePem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const key = forge.pki.privateKeyFromPem(privatePem);
  return { privatePem, key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) };
}

function certificate(options: { of: KeyPair; subject: string; signedBy: KeyPair }): string {
  const { of, subject, signedBy } = options;
  const made = forge.pki.createCertificate();
  made.publicKey = of.publicKey;
  made.serialNumber = of === signedBy ? "01" : "02";
  made.validity.notBefore = new Date(Date.now() - HOUR_MS);
  made.validity.notAfter = new Date(Date.now() + 24 * HOUR_MS);
  made.setSubject([{ name: "commonName", value: subject }]);
  made.setIssuer([{ name: "commonName", value: CA }]);
  const [dns, ip] = [2, 7];
  const names = [
    { type: dns, value: subject },
    { type: ip, ip: "127.0.0.1" },
    { type: ip, ip: "::1" },
  ];
  made.setExtensions(
    of === signedBy
      ? [{ name: "basicConstraints", cA: true, critical: true }]
      : [{ name: "subjectAltName", altNames: names }],
  );
  made.sign(signedBy.key, forge.md.sha256.create());
  return forge.pki.certificateToPem(made);
}

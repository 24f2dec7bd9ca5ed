import { atFailpoint } from "~/platform/failpoint";

/**
 * The next request that passes the named place stops there.
 *
 * @returns when it has arrived, and how to let it go on
 */
export function standStillAt(name: string): { arrived: Promise<void>; goOn: () => void } {
  let goOn = () => {};
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    const over = atFailpoint(name, () => {
      over();
      resolve();
      return released;
    });
  });
  return { arrived, goOn };
}

/** Fails at the named place, each time, as Postgres would with this SQLSTATE. @returns ends it */
export function failAt(name: string, code: string): () => void {
  return atFailpoint(name, async () => {
    throw Object.assign(new Error(`failed at ${name}`), { code });
  });
}

import type { Patch } from "../guards/patch";

/** A small defect that somebody might make, and the test that must notice it. */
export interface Mutation {
  /** What the product does wrong with it. */
  what: string;
  patch: Patch;
  noticedBy: {
    /** From the project's folder. */
    file: string;
    /** The test's name. */
    test: string;
  };
}

/** Mutations of one source file; each patch matches it exactly once. */
export function inFile(
  file: string,
  mutations: {
    what: string;
    find: string;
    replace: string;
    noticedBy: [file: string, test: string];
  }[],
): Mutation[] {
  return mutations.map(({ what, find, replace, noticedBy: [testFile, test] }) => ({
    what,
    patch: { file, find, replace },
    noticedBy: { file: testFile, test },
  }));
}

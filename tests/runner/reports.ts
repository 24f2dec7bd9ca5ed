/** What one stage of the tests found. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/**
 * Counts a report of vitest's json reporter. A file that could not be loaded counts as a failure,
 * because its tests did not run.
 */
export function countVitest(report: VitestReport): Counts {
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors?: unknown[];
}

/** Counts a report of Playwright's json reporter. Errors outside of a test count as failures. */
export function countPlaywright({ stats, errors = [] }: PlaywrightReport): Counts {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

/**
 * What a stage counts for: one that crashed, or ran nothing, must not look as if all were well.
 * Where tests were asked for by name, a stage may have none, and the others are not skipped.
 *
 * @param counts null without a report
 */
export function judgeStage(
  counts: Counts | null,
  { exitCode, byName = false }: { exitCode: number | undefined; byName?: boolean },
): Counts {
  if (counts === null) return { passed: 0, failed: 1, skipped: 0 };
  const ranNothing = counts.passed + counts.failed === 0;
  if (byName && ranNothing) return { passed: 0, failed: 0, skipped: 0 };
  const crashed = exitCode !== 0 && counts.failed === 0;
  const failed = ranNothing || crashed ? counts.failed + 1 : counts.failed;
  return { ...counts, failed, skipped: byName ? 0 : counts.skipped };
}

export function addUp(all: Counts[]): Counts {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) {
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  return total;
}

/** The last line of `npm test`. */
export function summaryLine({ passed, failed, skipped }: Counts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

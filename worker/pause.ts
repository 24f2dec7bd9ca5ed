const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;

/**
 * How often to ask a server that fails everybody: after 2, 4, 8 seconds and so on up to a minute, and one
 * at a time. So a wrong password is sent to it at most once a minute, however much mail waits.
 */
export function pauseWhileInTrouble(clock = () => performance.now()) {
  let failures = 0;
  let until = 0;
  return {
    /** How many may use the server now. */
    most(): number {
      if (failures === 0) return Number.POSITIVE_INFINITY;
      return clock() < until ? 0 : 1;
    },
    /** Notes a failure that everybody would meet. Attempts from before the pause do not make it longer. */
    trouble(): "begins" | "lasts" {
      if (clock() < until) return "lasts";
      until = clock() + Math.min(FIRST_MS * 2 ** failures, LONGEST_MS);
      failures++;
      return failures === 1 ? "begins" : "lasts";
    },
    /** The server did its work, whatever it said. */
    fine(): "ends" | "fine" {
      const wasTrouble = failures > 0;
      failures = 0;
      until = 0;
      return wasTrouble ? "ends" : "fine";
    },
  };
}

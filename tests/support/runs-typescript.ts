/** What `--import` takes to run a program of ours as it stands. */
export const RUNS_TYPESCRIPT = new URL("typescript.ts", import.meta.url).href;

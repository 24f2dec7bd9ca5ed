import type { Play } from "./round";
import type { SiteOptions } from "./site";
import type { Violation } from "./tally";

/** A run's circumstances, by what it is for. */
export interface Scenario {
  site: SiteOptions;
  play: Play;
  /** Begins rounds for this long, until something is found; one round without it. Milliseconds. */
  soughtForMs?: number;
  /** What ends the run when it is found. */
  sought?: Violation;
}

/** Who hostile clients are let loose on: real limits, and a proxy in front to tell them apart. */
export const HOSTILE: SiteOptions = {
  webs: 1,
  workers: 1,
  holdSeconds: 20,
  isDirect: true,
  settings: { RATE_LIMITS: "on", TRUST_PROXY: "1" },
};

/** Every step between reserve and reply, and what else tells Redis of a change. */
const WEB_STEPS = [
  "register-after-reserve",
  "register-after-insert",
  "register-before-commit",
  "register-commit-answered",
  "register-before-confirm",
  "register-after-confirm",
  "cancel-after-commit",
  "edit-after-commit",
  "promote-after-commit",
  "sync-after-void",
  "sync-after-snapshot",
];
/** Every step between claim and done. */
const WORKER_STEPS = [
  "relay-after-claim",
  "relay-after-add",
  "mail-before-write",
  "mail-after-write",
  "mail-before-dead-letter",
  "promote-after-commit",
  "sync-after-void",
  "sync-after-snapshot",
];

function atEach(steps: readonly string[], actions: Record<string, number>): string {
  return steps
    .flatMap((step) => Object.entries(actions).map(([what, odds]) => `${step}=${what}:${odds}`))
    .join(",");
}

/** Everything at once. What `npm run test:faults` plays, round after round. */
export const STORM: Scenario = {
  site: { webs: 3, workers: 2, holdSeconds: 20 },
  play: {
    mix: {
      "kill web": 12,
      "kill worker": 12,
      "flush redis": 8,
      "kill redis": 15,
      "lose redis": 15,
      "pause redis": 15,
      "demote redis": 20,
      "starve redis": 20,
      "end backends": 3,
      "crash postgres": 20,
      "spoil network": 8,
      "cut connections": 4,
    },
    webFailpoints: atEach(WEB_STEPS, { kill: 0.0004, stall: 0.001 }),
    workerFailpoints: atEach(WORKER_STEPS, { kill: 0.002, stall: 0.002 }),
    rushMs: 120_000,
    contests: 8,
    crowd: 600,
    seats: [3, 35],
    atOnce: 200,
    closings: 0.15,
    deletions: 0.02,
  },
};

/** The same in half a minute: one round of it is part of `npm test`. */
export const SQUALL: Scenario = {
  site: { webs: 2, workers: 1, holdSeconds: 5 },
  play: {
    ...STORM.play,
    mix: {
      "kill web": 2,
      "kill worker": 3,
      "flush redis": 4,
      "lose redis": 9,
      "pause redis": 9,
      "end backends": 2,
      "crash postgres": 9,
      "spoil network": 4,
    },
    rushMs: 14_000,
    contests: 3,
    crowd: 120,
    seats: [5, 60],
    atOnce: 50,
  },
};

/** Nothing goes wrong but what is asked for; what a control looks for shows soon. */
const CALM: Play = {
  ...SQUALL.play,
  mix: {},
  webFailpoints: "",
  workerFailpoints: "",
  rushMs: 5_000,
  deletions: 0,
};

/** A rolling update under load: the processes of an older version are replaced in the middle of the round. */
export const ROLLING: Scenario = {
  site: { webs: 4, workers: 2, holdSeconds: 5 },
  play: {
    ...CALM,
    rushMs: 40_000,
    contests: 6,
    crowd: 200,
    seats: [5, 30],
    atOnce: 40,
    deletions: 0.02,
  },
};

/**
 * What a control looks for has happened by the end of the rush, or has not. It takes no crowd that keeps
 * every processor busy.
 */
const CONTROL: Play = { ...CALM, isOnlyRush: true, restMs: 50 };

/** One death is enough, where every mail is a confirmation: without a line. */
const ONE_DEATH: Play = {
  ...CONTROL,
  rushMs: 1_000,
  untilDeath: true,
  contests: 1,
  seats: [30, 60],
};

/** So few that each has a job of its own; a crowd's are delivered without. */
const FEW_MAILS: Play = { ...ONE_DEATH, crowd: 12, atOnce: 4 };

/** Its processes need no others beside them. */
const ONE_PROCESS: SiteOptions = { ...SQUALL.site, webs: 1 };

/**
 * For each guard the circumstances in which it is needed, and the violation that a run without it must
 * find: a harness that cannot see a broken guard proves nothing.
 */
export const WITHOUT: Record<string, Scenario & { sought: Violation }> = {
  // A worker dies after the last failure of a mail, before it could write the dead letter. It
  // waits longest, for what never comes, so it begins first.
  "stall-sweep": {
    sought: "a failed mail that no dead letter tells of",
    site: { ...ONE_PROCESS, without: "stall-sweep" },
    play: { ...FEW_MAILS, workerFailpoints: "mail-before-dead-letter=kill:1" },
  },
  // Redis forgets who holds what while commits are on their way. The epoch of holds would hide it.
  "seat-key": {
    sought: "a seat number twice or out of range",
    soughtForMs: 40_000,
    site: { ...SQUALL.site, without: "seat-key" },
    play: {
      ...CONTROL,
      mix: { "flush redis": 0.3 },
      webFailpoints: "register-before-commit=stall:0.2",
    },
  },
  // A commit that began before the closing ends after it.
  lock: {
    sought: "a seat given after closing was acknowledged",
    soughtForMs: 40_000,
    site: { ...SQUALL.site, without: "lock" },
    play: {
      ...CONTROL,
      webFailpoints: "register-before-commit=stall:0.2",
      closings: 1,
      // It ends with the first closing that somebody slips through.
      rushMs: 20_000,
      // Seats that are not gone before.
      contests: 1,
      crowd: 1_000,
      seats: [50, 60],
      atOnce: 20,
    },
  },
  // Redis forgets the answers, and their owners ask again after giving the seat back.
  idempotency: {
    sought: "a key with two answers",
    soughtForMs: 40_000,
    site: { ...SQUALL.site, without: "idempotency" },
    play: { ...CONTROL, mix: { "flush redis": 0.5 } },
  },
  // Processes die between the commit and what comes after it.
  outbox: {
    sought: "a confirmation lost",
    site: { ...ONE_PROCESS, without: "outbox" },
    play: { ...ONE_DEATH, webFailpoints: "register-commit-answered=kill:0.2" },
  },
  // A worker dies between the mail and the end of its job.
  "mail-dedupe": {
    sought: "a confirmation doubled",
    site: { ...ONE_PROCESS, without: "mail-dedupe" },
    play: { ...FEW_MAILS, workerFailpoints: "mail-after-write=kill:1", keepsSeats: true },
  },
};

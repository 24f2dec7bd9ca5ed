import { parseArgs } from "node:util";
import * as z from "zod";
import { WITHOUT } from "./plays";

export const USAGE = `npm run test:faults -- [options]

  --duration TIME   begin no round after this long: 90s, 30m, 2h (5m)
  --seed N          the luck of the run (random, and printed)
  --short           the short form of npm test
  --without GUARD   switch a guard off: the run must then find violations
                    (${Object.keys(WITHOUT).join(", ")})
  --json            the result for programs
`;

const UNITS_MS = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

const schema = z.object({
  duration: z
    .string()
    .regex(/^\d{1,6}[smh]$/, "--duration wants a number and s, m or h: 90s, 30m, 2h.")
    .transform((given) => Number(given.slice(0, -1)) * (UNITS_MS.get(given.slice(-1)) ?? 0))
    .optional(),
  seed: z
    .string()
    .regex(/^\d{1,9}$/, "--seed wants a whole number of at most nine digits.")
    .transform(Number)
    .optional(),
  without: z
    .string()
    .refine((name) => name in WITHOUT, `--without knows ${Object.keys(WITHOUT).join(", ")}.`)
    .optional(),
  short: z.boolean().default(false),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type Options = z.infer<typeof schema>;

/** Reads the command line. @throws with a line that says what is wrong */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      duration: { type: "string" },
      seed: { type: "string" },
      without: { type: "string" },
      short: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const parsed = schema.safeParse(values);
  if (!parsed.success) throw new Error(parsed.error.issues.map(({ message }) => message).join(" "));
  return parsed.data;
}

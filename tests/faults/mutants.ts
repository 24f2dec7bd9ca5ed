import { parseArgs } from "node:util";
import { killMutations } from "./mutations/kill";

const USAGE = `npm run mutants -- --patches [TEXT]

  Makes each mutation of tests/faults/mutations/ and shows that a test notices it; with a
  text only those whose description contains it.
`;

const { values, positionals } = parseArgs({
  options: { patches: { type: "boolean" } },
  allowPositionals: true,
});
if (values.patches) {
  process.exitCode = await killMutations(positionals.join(" "));
} else {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}

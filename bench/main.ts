import { readOptions, USAGE } from "./options";
import { runBench } from "./run";
import { WORKLOADS } from "./workloads";

const request = readOptions(
  process.argv.slice(2),
  WORKLOADS.map(({ name }) => name),
);
switch (request.status) {
  case "help":
    process.stdout.write(USAGE);
    break;
  case "list":
    for (const { name, says } of WORKLOADS) process.stdout.write(`${name.padEnd(15)}${says}\n`);
    break;
  case "wrong":
    process.stderr.write(`${request.why}\n\n${USAGE}`);
    process.exitCode = 2;
    break;
  case "run":
    process.exitCode = (await runBench(request.options)) ? 0 : 1;
}

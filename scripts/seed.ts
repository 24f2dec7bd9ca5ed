import "./quiet-log.ts";

import { closePasswordThreads } from "../app/domain/accounts/index.server";
import { closeDatabase } from "../app/platform/orm";
import { closeRedis } from "../app/platform/redis";
import { print } from "../worker/ops/cli.ts";
import { seedCommand } from "./seed/command.ts";

const outcome = await seedCommand(process.argv.slice(2));
await print(outcome);
process.exitCode = outcome.exitCode;
closeRedis();
await Promise.all([closeDatabase(), closePasswordThreads()]);

import "./quiet-log.ts";

import { closeMailQueue } from "../app/domain/mail/index.server";
import { closeDatabase } from "../app/platform/orm";
import { nameProgram } from "../app/platform/program";
import { closeRedis } from "../app/platform/redis";
import { within } from "../app/platform/within";
import { print } from "../worker/ops/cli.ts";
import { opsCommand } from "../worker/ops/commands/command.ts";
import { closeScheduleQueue } from "../worker/reminder-schedule";

nameProgram("ops");
const outcome = await opsCommand(process.argv.slice(2));
await print(outcome);
closeRedis();
await within(1_500, Promise.allSettled([closeMailQueue(), closeScheduleQueue(), closeDatabase()]));
// A connection to a Redis that is away would keep the process trying.
process.exit(outcome.exitCode);

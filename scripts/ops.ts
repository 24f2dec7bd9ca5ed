import "./quiet-log";

import { closeMailQueue } from "../app/domain/mail/index.server";
import { closeDatabase } from "../app/platform/orm";
import { closeRedis } from "../app/platform/redis";
import { closeScheduleQueue } from "../worker/reminder-schedule";
import { within } from "../worker/within";
import { opsCommand } from "./ops/command";

const { exitCode, text } = await opsCommand(process.argv.slice(2));
await new Promise<void>((resolve) => {
  process[exitCode === 2 ? "stderr" : "stdout"].write(text, () => resolve());
});
closeRedis();
await within(1_500, Promise.allSettled([closeMailQueue(), closeScheduleQueue(), closeDatabase()]));
// A connection to a Redis that is away would keep the process trying.
process.exit(exitCode);

import "./quiet-log";

import { closePasswordThreads } from "../app/domain/accounts/index.server";
import { closeDatabase } from "../app/platform/orm";
import { closeRedis } from "../app/platform/redis";
import { seedCommand } from "./seed/command";

const { exitCode, text } = await seedCommand(process.argv.slice(2));
process[exitCode === 0 ? "stdout" : "stderr"].write(text);
process.exitCode = exitCode;
closeRedis();
await Promise.all([closeDatabase(), closePasswordThreads()]);

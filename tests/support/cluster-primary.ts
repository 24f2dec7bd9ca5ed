import cluster from "node:cluster";
import { superviseWeb } from "~/web/cluster";

// The supervisor of production over a web process that starts at once.
cluster.setupPrimary({ exec: "tests/support/cluster-web.ts", execArgv: [] });
await superviseWeb({ processes: 2 });

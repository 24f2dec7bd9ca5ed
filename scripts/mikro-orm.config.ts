import { migratorOptions } from "../app/platform/migrator.server";

export default migratorOptions();

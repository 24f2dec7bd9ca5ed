import { migratorOptions } from "../app/platform/migrator";

export default migratorOptions();

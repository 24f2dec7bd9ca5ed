import { defineConfig } from "@mikro-orm/postgresql";
import { migratorOptions } from "../app/platform/migrator";

export default defineConfig(migratorOptions());

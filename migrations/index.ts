import { Migration20261122170045_initial } from "./Migration20261122170045_initial";

/** Every migration, in order. Listed by hand so that bundles hold them. */
export const migrationsList = [
  { name: "Migration20261122170045_initial", class: Migration20261122170045_initial },
];

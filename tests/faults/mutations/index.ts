import { ACCESS_MUTATIONS } from "./access";
import { LINE_MUTATIONS } from "./line";
import type { Mutation } from "./mutation";
import { ONCE_UNNOTICED } from "./once-unnoticed";
import { OPENING_MUTATIONS } from "./opening";
import { OTHER_LUA } from "./other-lua";
import { RESERVE_LUA } from "./reserve-lua";
import { SHARING_MUTATIONS } from "./sharing";
import { SQL } from "./sql";
import { VERIFICATION_MUTATIONS } from "./verification";

export type { Mutation } from "./mutation";

/** Every mutation that a named test must notice. */
export const MUTATIONS: readonly Mutation[] = [
  ...ONCE_UNNOTICED,
  ...RESERVE_LUA,
  ...OTHER_LUA,
  ...SQL,
  ...ACCESS_MUTATIONS,
  ...VERIFICATION_MUTATIONS,
  ...OPENING_MUTATIONS,
  ...LINE_MUTATIONS,
  ...SHARING_MUTATIONS,
];

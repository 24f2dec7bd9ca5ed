import { conditionalCounter } from "./conditional-counter";
import { product } from "./product";
import { rowLock } from "./row-lock";
import { seed } from "./seed";
import { serializable } from "./serializable";
import type { Side } from "./side";

/** This product, and what people would otherwise run. */
export const SIDES: readonly Side[] = [product, seed, rowLock, conditionalCounter, serializable];

/** Those that a rush does not bring to a standstill. */
export const QUICK_SIDES = SIDES.filter((side) => side !== serializable);

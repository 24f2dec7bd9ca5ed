import { conditionalCounter, rowLock, serializable } from "./plain-sql.ts";
import { product } from "./product.ts";
import { seed } from "./seed.ts";
import type { Side } from "./side.ts";

/** This product, and what people would otherwise run. */
export const SIDES: readonly Side[] = [product, seed, rowLock, conditionalCounter, serializable];

/** Those that a rush does not bring to a standstill. */
export const QUICK_SIDES = SIDES.filter((side) => side !== serializable);

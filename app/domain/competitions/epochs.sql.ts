/**
 * Makes all holds of a competition's seats void that Redis gave before it lost its memory.
 *
 * @param ? the epoch of those that it has, and the id
 */
export const RAISE_SEAT_EPOCH_SQL =
  "update competition set seat_epoch = greatest(seat_epoch, ?) + 1 where id = ?";

/** Makes numbers in line void that Redis gave and nobody committed. @param ? the highest, and the id */
export const RAISE_LINE_BASE_SQL =
  "update competition set line_base = greatest(line_base, ?) where id = ?";

/**
 * Raises the epochs of all competitions of a database that came back from a backup: whatever was counted
 * since, the seconds of this century are further on.
 */
export const RAISE_ALL_SEAT_EPOCHS_SQL = `update competition
  set seat_epoch = greatest(seat_epoch, extract(epoch from now() - timestamptz '2020-01-01Z')::int) + 1`;

import { database } from "~/platform/orm";
import { User } from "./tables";
import { toUserView, type UserView } from "./user-view";

/** The most ids one query asks for. */
const BATCH_SIZE = 200;

interface Waiting {
  id: string;
  resolve: (user: UserView | null) => void;
  reject: (error: unknown) => void;
}

let waiting: Waiting[] = [];
let isAsking = false;

/**
 * Finds a user by id. Whoever asks while a query is on its way is answered by the next one, all
 * together: in a rush of strangers a query each would take Postgres from the registrations.
 */
export function findUserInBatch(id: string): Promise<UserView | null> {
  return new Promise((resolve, reject) => {
    waiting.push({ id, resolve, reject });
    if (!isAsking) void askForAll();
  });
}

async function askForAll(): Promise<void> {
  isAsking = true;
  while (waiting.length > 0) {
    const batch = waiting.slice(0, BATCH_SIZE);
    waiting = waiting.slice(BATCH_SIZE);
    try {
      const ids = [...new Set(batch.map(({ id }) => id))];
      const users = await database().find(User, { id: { $in: ids } });
      const byId = new Map(users.map((user) => [user.id, toUserView(user)]));
      for (const { id, resolve } of batch) resolve(byId.get(id) ?? null);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
  isAsking = false;
}

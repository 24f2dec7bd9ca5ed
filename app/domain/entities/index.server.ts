import { Competition } from "./competition.server";
import { FailedJob } from "./failed-job.server";
import { IdempotencyKey } from "./idempotency-key.server";
import { Mail } from "./mail.server";
import { OutboxMessage } from "./outbox-message.server";
import { RedisGap } from "./redis-gap.server";
import { Registration } from "./registration.server";
import { Seat } from "./seat.server";
import { Session } from "./session.server";
import { User } from "./user.server";

export {
  Competition,
  FailedJob,
  IdempotencyKey,
  Mail,
  OutboxMessage,
  RedisGap,
  Registration,
  Seat,
  Session,
  User,
};

/** Every table, for the ORM. Listed by hand: discovery by file name does not survive bundling. */
export const entities = [
  User,
  Session,
  Competition,
  Seat,
  Registration,
  IdempotencyKey,
  RedisGap,
  OutboxMessage,
  Mail,
  FailedJob,
];

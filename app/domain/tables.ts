import { Session, User } from "./accounts/tables";
import { Competition } from "./competitions/tables";
import { FailedJob, Mail, OutboxMessage } from "./mail/tables";
import { IdempotencyKey, RedisGap, Registration, Seat } from "./registration/tables";

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

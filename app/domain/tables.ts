import { AccountToken, Session, User } from "./accounts/tables";
import { Competition, CompetitionChange, CoverImage } from "./competitions/tables";
import { FailedJob, Mail, MailDelivery, MailTurn, OutboxMessage } from "./mail/tables";
import {
  CalendarFeed,
  CompetitionEdition,
  RedisGap,
  Registration,
  Seat,
  StoredAnswer,
} from "./registration/tables";

/** Every table, for the ORM. Listed by hand: discovery by file name does not survive bundling. */
export const entities = [
  User,
  Session,
  AccountToken,
  Competition,
  CompetitionChange,
  CoverImage,
  Seat,
  Registration,
  StoredAnswer,
  CompetitionEdition,
  CalendarFeed,
  RedisGap,
  OutboxMessage,
  Mail,
  MailDelivery,
  MailTurn,
  FailedJob,
];

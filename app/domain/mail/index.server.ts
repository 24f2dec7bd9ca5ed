export { type Delivery, deliverMail } from "./deliver-mail";
export { type FailedJobView, findFailedJob, listFailedJobs } from "./failed-jobs";
export { formatUtc } from "./format-utc";
export {
  type MailComposer,
  type MailComposers,
  type MailKind,
  type MailMessage,
  MailNotTaken,
  UndeliverableMail,
} from "./mail-message";
export { closeMailQueue, mailJobSchema, mailQueue } from "./mail-queue";
export { findMail, listMailbox, type MailView } from "./mailbox";
export { measureOutbox, type OutboxMeasure, sweepOutbox } from "./measure-mail";
export { type JobFailure, recordFailedJob } from "./record-failed-job";
export { RELAY_BATCH, relayOutbox } from "./relay-outbox";
export { type MailContent, renderMail } from "./render-mail";
export { type Replay, replayAllFailedJobs, replayFailedJob } from "./replay-failed-job";
export { closeSmtp } from "./smtp";
export { failureOf, sweepFailedJobs } from "./sweep-failed-jobs";
export { FailedJob, Mail, OutboxMessage } from "./tables";
export { type OutboxRow, writeOutbox } from "./write-outbox";

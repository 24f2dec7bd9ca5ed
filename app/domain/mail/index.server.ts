export { FailedJob, Mail, OutboxMessage } from "~/domain/entities/index.server";
export { type Delivery, deliverMail } from "./deliver-mail.server";
export { type FailedJobView, findFailedJob, listFailedJobs } from "./failed-jobs.server";
export { formatUtc } from "./format-utc";
export {
  type MailComposer,
  type MailComposers,
  type MailKind,
  type MailMessage,
  MailNotTaken,
  UndeliverableMail,
} from "./mail-message";
export { closeMailQueue, mailJobSchema, mailQueue } from "./mail-queue.server";
export { findMail, listMailbox, type MailView } from "./mailbox.server";
export { measureOutbox, type OutboxMeasure, sweepOutbox } from "./measure-mail.server";
export { type JobFailure, recordFailedJob } from "./record-failed-job.server";
export { RELAY_BATCH, relayOutbox } from "./relay-outbox.server";
export { type MailContent, renderMail } from "./render-mail";
export { type Replay, replayAllFailedJobs, replayFailedJob } from "./replay-failed-job.server";
export { closeSmtp } from "./smtp.server";
export { failureOf, sweepFailedJobs } from "./sweep-failed-jobs.server";
export { type OutboxRow, writeOutbox } from "./write-outbox.server";

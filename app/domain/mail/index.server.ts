export type { ClaimedOrder } from "./claim";
export {
  type FailedJobView,
  failureOf,
  findFailedJob,
  type JobFailure,
  listFailedJobs,
  type Replay,
  recordFailedJob,
  replayAllFailedJobs,
  replayFailedJob,
  replayUncomposed,
  sweepFailedJobs,
} from "./dead-letters";
export { type Delivery, deliverMail, deliverRow } from "./deliver";
export {
  type DeliveryMeasure,
  type DeliveryReplay,
  type DeliveryView,
  listDeliveries,
  measureDeliveries,
  replayDelivery,
  sweepDeliveries,
} from "./deliveries";
export { releaseMail } from "./delivery";
export { jobOrigin } from "./job-origin";
export { findMail, listMailbox, listSubjects, type MailView } from "./mailbox";
export { lookAtOutbox, measureOutbox, type OutboxLook, type OutboxMeasure } from "./measure";
export {
  type MailComposer,
  type MailComposers,
  type MailContents,
  type MailKind,
  type MailMessage,
  UndeliverableMail,
} from "./messages";
export { isOrderedSql, type MailOrder, orderMail, orderMailSql, wasSentSql } from "./order";
export { RELAY_BATCH, relayOutbox } from "./outbox";
export type { MailContent } from "./plain";
export { completeMail, PROOF_KEY, type ProofComposer } from "./proof";
export { closeMailQueue, jobIdOf, mailJobSchema, mailQueue } from "./queue";
export { renderMail } from "./render";
export { forgetDeadLetters, forgetOldMail, sweepOutbox } from "./retention";
export { type ClaimedMail, claimDueMail, sendClaimed } from "./send";
export { closeSmtp, SMTP_CONNECTIONS } from "./smtp";
export { DELIVERY_STATES, type DeliveryState } from "./tables";
export { mailTemplate } from "./template";
export { sweepTurns } from "./turns";

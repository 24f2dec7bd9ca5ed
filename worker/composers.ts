import { composeVerification } from "~/domain/accounts/index.server";
import { composeChange } from "~/domain/competitions/index.server";
import type { MailComposers } from "~/domain/mail/index.server";
import {
  composeCancellation,
  composeConfirmation,
  composeDeletion,
  composeGivenBack,
  composeJoined,
  composeLineClosed,
  composePromoted,
} from "~/domain/registration/index.server";
import { composeReminder } from "~/domain/reminders/index.server";

/** Who composes which kind of mail. */
export const COMPOSERS: Required<MailComposers> = {
  "account.verification": composeVerification,
  "registration.confirmed": composeConfirmation,
  "registration.competition_deleted": composeDeletion,
  "registration.competition_cancelled": composeCancellation,
  "registration.competition_changed": composeChange,
  "registration.given_back": composeGivenBack,
  "registration.reminder": composeReminder,
  "registration.joined": composeJoined,
  "registration.promoted": composePromoted,
  "registration.line_closed": composeLineClosed,
};

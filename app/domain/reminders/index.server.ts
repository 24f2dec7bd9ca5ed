export { reminderWindow, utcDay } from "./reminder-day";
export { composeReminder } from "./reminder-mail.server";
export { findLastReminderRun, type ReminderRun } from "./reminder-run.server";
export { writeReminders } from "./write-reminders.server";

export { reminderWindow, utcDay } from "./reminder-day";
export { composeReminder } from "./reminder-mail";
export { findLastReminderRun, type ReminderRun } from "./reminder-run";
export { previewReminders, writeReminders } from "./write-reminders";

// One file: each mutant then starts one process, with one database, and meets the quickest tests
// first.
import "../integration/commits.test";
import "../integration/seats-decided.test";
import "../integration/registrations-hindsight.test";
import "../integration/registrations-keys.test";
import "../faults/unknown-outcomes.test";
import "../integration/seats-synced.test";
import "../integration/registrations-trouble.test";
import "../integration/registrations.test";
import "../integration/competitions-life.test";
import "../integration/mail-delivery.test";
import "../integration/reminders.test";

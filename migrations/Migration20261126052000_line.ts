import { Migration } from "@mikro-orm/migrations";

/**
 * The line of people who wait for a seat. Competitions that exist have none until their organizer wants
 * one. The release before knows no line: none opens while one of its processes lives, and whom such a
 * process would let walk past those who wait, the trigger leaves out. It orders mail without a class,
 * which makes it as urgent as a seat's.
 */
export class Migration20261126052000_line extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table "competition" add column "waitlist_limit" int not null default 0, add column "line_base" int not null default 0;`,
    );
    this.addSql(
      `alter table "competition" add constraint "competition_waitlist_limit_check" check (waitlist_limit >= 0 and waitlist_limit <= 100000);`,
    );
    this.addSql(`create index "competition_deadline_index" on "competition" ("reg_deadline");`);
    this.addSql(countsEdits([...EDITED, "waitlist_limit"]));

    this.addSql(
      `alter table "registration" add column "line_no" int null, add column "promoted_at" timestamptz(3) null, add column "cancelled_by_id" uuid null, add column "cancel_reason" varchar(1000) null;`,
    );
    this.addSql(
      `alter table "registration" add constraint "registration_cancelled_by_id_foreign" foreign key ("cancelled_by_id") references "user" ("id") on update cascade on delete restrict;`,
    );
    for (const [name, check] of Object.entries(CHECKS)) {
      this.addSql(`alter table "registration" add constraint "${name}" check (${check});`);
    }
    this.addSql(
      `create unique index "registration_line_unique" on "registration" ("competition_id", "line_no") where line_no is not null;`,
    );
    this.addSql(
      `create index "registration_line_index" on "registration" ("competition_id", "line_no") where status = 'WAITLISTED';`,
    );

    this.addSql(PASSES_NOBODY);
    this.addSql(
      `create trigger "passes_nobody" before insert on "registration" for each row when (coalesce(current_setting('registration.locked', true), '') = '') execute function "registration_passes_nobody_fn"();`,
    );

    this.addSql(`alter table "outbox" add column "class" smallint not null default 0;`);
    this.addSql(
      `create index "outbox_class_index" on "outbox" ("class", "enqueued_at" nulls first, "id") where done_at is null and dead_at is null;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index "outbox_class_index";`);
    this.addSql(`alter table "outbox" drop column "class";`);
    this.addSql(`drop trigger "passes_nobody" on "registration";`);
    this.addSql(`drop function "registration_passes_nobody_fn"();`);
    this.addSql(`drop index "registration_line_index";`);
    this.addSql(`drop index "registration_line_unique";`);
    for (const name of Object.keys(CHECKS)) {
      this.addSql(`alter table "registration" drop constraint "${name}";`);
    }
    // Who waits has no place in the release before.
    this.addSql(`update "registration" set "status" = 'CANCELLED' where "status" = 'WAITLISTED';`);
    this.addSql(
      `alter table "registration" drop constraint "registration_cancelled_by_id_foreign";`,
    );
    this.addSql(
      `alter table "registration" drop column "line_no", drop column "promoted_at", drop column "cancelled_by_id", drop column "cancel_reason";`,
    );
    this.addSql(countsEdits(EDITED));
    this.addSql(`drop index "competition_deadline_index";`);
    this.addSql(`alter table "competition" drop constraint "competition_waitlist_limit_check";`);
    this.addSql(`alter table "competition" drop column "waitlist_limit", drop column "line_base";`);
  }
}

const EDITED = [
  "title",
  "description",
  "tags",
  "capacity",
  "reg_deadline",
  "start_date",
  "opens_at",
];

/** The trigger's function, which counts a change of one of these columns as an edit. */
function countsEdits(columns: string[]): string {
  const rowOf = (which: string) => columns.map((column) => `${which}.${column}`).join(", ");
  return `create or replace function "competition_counts_edits_fn"() returns trigger as $$ begin if (${rowOf("old")}) is distinct from (${rowOf("new")}) then new.version := old.version + 1; end if; return new; end; $$ language plpgsql;`;
}

const CHECKS = {
  registration_line_no_check: "line_no > 0",
  registration_waiting_has_number_check: "status <> 'WAITLISTED' or line_no is not null",
  registration_promoted_waited_check: "promoted_at is null or line_no is not null",
};

/** What commits a registration and knows the line has made the setting, and looked by itself. */
const PASSES_NOBODY = `create or replace function "registration_passes_nobody_fn"() returns trigger as $$ begin if new.status = 'CONFIRMED' and new.registered_at > now() - interval '1 minute' and exists (select from registration w where w.competition_id = new.competition_id and w.status = 'WAITLISTED' and w.user_id <> new.user_id) then return null; end if; return new; end; $$ language plpgsql;`;

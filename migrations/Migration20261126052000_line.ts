import { Migration } from "@mikro-orm/migrations";

/**
 * The line of people who wait for a seat. Competitions that exist have none until their organizer wants
 * one. The release before knows no line, so none may open while one of its processes lives: that is what
 * the setting `WAITLIST` is for. It orders mail without a class, which makes it as urgent as a seat's.
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

    this.addSql(`alter table "outbox" add column "class" smallint not null default 0;`);
    this.addSql(
      `create index "outbox_class_index" on "outbox" ("class", "enqueued_at" nulls first, "id") where done_at is null and dead_at is null;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index "outbox_class_index";`);
    this.addSql(`alter table "outbox" drop column "class";`);
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

import { Migration } from "@mikro-orm/migrations";

/**
 * An answer no longer holds its whole competition. During a rolling update the processes of the
 * release before go on using `idempotency_key`: it becomes a view that shows whole answers, takes new
 * ones, and lets old ones be deleted. The next release drops it.
 */
export class Migration20261125210000_answers_by_edition extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table "competition_edition" ("id" varchar(22) not null, "body" text not null, "used_at" timestamptz(3) not null default now(), constraint "competition_edition_pkey" primary key ("id"));`,
    );
    this.addSql(`alter table "idempotency_key" rename to "stored_answer";`);
    for (const [from, to] of RENAMED) this.addSql(`alter index "${from}" rename to "${to}";`);
    this.addSql(
      `alter table "stored_answer" rename constraint "idempotency_key_user_id_foreign" to "stored_answer_user_id_foreign";`,
    );
    this.addSql(
      `alter table "stored_answer" drop column "status", add column "edition" varchar(22) null;`,
    );
    // With a "ctid", by which the release before deletes old answers.
    this.addSql(
      `create view "idempotency_key" as select a.ctid, a.user_id, a.scope, a.key, a.fingerprint, a.registration_id, null::smallint as status, ${WHOLE_BODY} as body, a.created_at from stored_answer a;`,
    );
    this.addSql(
      `create function idempotency_key_insert() returns trigger language plpgsql as $$ begin insert into stored_answer (user_id, scope, key, fingerprint, registration_id, body) values (new.user_id, new.scope, new.key, new.fingerprint, new.registration_id, new.body); return new; end $$;`,
    );
    this.addSql(
      `create trigger idempotency_key_insert instead of insert on "idempotency_key" for each row execute function idempotency_key_insert();`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop view "idempotency_key";`);
    this.addSql(`drop function idempotency_key_insert();`);
    this.addSql(`update "stored_answer" a set "body" = ${WHOLE_BODY} where a.edition is not null;`);
    this.addSql(
      `alter table "stored_answer" drop column "edition", add column "status" smallint null;`,
    );
    this.addSql(
      `alter table "stored_answer" rename constraint "stored_answer_user_id_foreign" to "idempotency_key_user_id_foreign";`,
    );
    for (const [from, to] of RENAMED) this.addSql(`alter index "${to}" rename to "${from}";`);
    this.addSql(`alter table "stored_answer" rename to "idempotency_key";`);
    this.addSql(`drop table "competition_edition";`);
  }
}

const RENAMED = [
  ["idempotency_key_pkey", "stored_answer_pkey"],
  ["idempotency_key_created_index", "stored_answer_created_index"],
  ["idempotency_key_scope_index", "stored_answer_scope_index"],
];

/** The answer with what stands in other columns, which comes first, and its competition, the last. */
const WHOLE_BODY = `case when a.edition is null then a.body else '{"id":"' || a.registration_id || '","userId":"' || a.user_id || '","competitionId":"' || a.scope || '",' || substr(left(a.body, -1), 2) || ',"competition":' || (select e.body from competition_edition e where e.id = a.edition) || '}' end`;

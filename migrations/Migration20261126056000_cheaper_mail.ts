import { Migration } from "@mikro-orm/migrations";

/**
 * What a mail cost PostgreSQL for nothing. A subject in ASCII was made plain by steps that change nothing
 * in one: `plain_words` gives what it gave, so the indexes stay. Bodies were compressed from two kilobytes on,
 * which took a fifth of writing one.
 */
export class Migration20261126056000_cheaper_mail extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create or replace function plain_words(words text) returns text language sql immutable parallel safe return case when octet_length(words) = char_length(words) then lower(words collate "C") collate "default" else ${PLAIN} collate "default" end;`,
    );
    this.addSql(`alter table "mail_box" set (toast_tuple_target = 8160);`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table "mail_box" reset (toast_tuple_target);`);
    this.addSql(
      `create or replace function plain_words(words text) returns text language sql immutable strict parallel safe return ${PLAIN};`,
    );
  }
}

const PLAIN = `replace(replace(replace(translate(regexp_replace(lower(normalize(words, NFKD) collate "root_order"), '[\u0300-\u036f]', '', 'g'), 'øłđħı', 'oldhi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')`;

import { Migration } from "@mikro-orm/migrations";

/**
 * Searches and lists of names as people expect them: words are found in any case and without their
 * accents, and Ångström stands under A. The search of the release before keeps its function and its
 * index until the next release drops them.
 */
export class Migration20261126004000_plain_words extends Migration {
  override async up(): Promise<void> {
    // The order of letters that holds where no language's own is known. A server without ICU sorts
    // by code points, as before.
    this.addSql(
      `do $$ begin create collation "root_order" (provider = icu, locale = 'und'); exception when others then create collation "root_order" from "C"; end $$;`,
    );
    // Their bodies are bound when they are made: an index is built with no schema in sight.
    this.addSql(
      `create function plain_words(words text) returns text language sql immutable strict parallel safe return replace(replace(replace(translate(regexp_replace(lower(normalize(words, NFKD) collate "root_order"), '[\u0300-\u036f]', '', 'g'), 'øłđħı', 'oldhi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');`,
    );
    this.addSql(
      `create function competition_words(title text, description text, tags text[]) returns text language sql immutable parallel safe return plain_words(title || ' ' || description || ' ' || array_to_string(tags, ' '));`,
    );
    // pg_trgm may be missing, or in a schema of its own: see Migration20261125230000_search.
    this.addSql(
      `do $$ declare home text := (select extnamespace::regnamespace::text from pg_extension where extname = 'pg_trgm'); begin if home is not null then execute 'create index "competition_words_index" on "competition" using gin (competition_words("title", "description", "tags") ' || home || '.gin_trgm_ops)'; end if; exception when insufficient_privilege then raise notice 'searches go without an index: %', sqlerrm; end $$;`,
    );
    // Texts have one form from now on (NFC), and so do those that are there already.
    this.addSql(
      `update competition set title = normalize(title, NFC), description = normalize(description, NFC), tags = array(select normalize(tag, NFC) from unnest(tags) with ordinality as t(tag, place) order by place) where title is not nfc normalized or description is not nfc normalized or array_to_string(tags, ' ') is not nfc normalized;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index if exists "competition_words_index";`);
    this.addSql(`drop function competition_words(text, text, text[]);`);
    this.addSql(`drop function plain_words(text);`);
    this.addSql(`drop collation "root_order";`);
  }
}

import { Migration } from "@mikro-orm/migrations";

/**
 * For a mailbox sorted by subject, and for searches in it, which read all subjects of one person and
 * find them here as plain words. What people wrote into a title may grow when it is made plain, and an
 * entry of an index holds 2,700 bytes: so it is the first 100 characters.
 */
export class Migration20261126012000_mail_by_subject extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create index "mail_box_subject_index" on "mail_box" ("user_id", (left(plain_words("subject"), 100) collate "C"), "id") include ("subject", "sent_at");`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index "mail_box_subject_index";`);
  }
}

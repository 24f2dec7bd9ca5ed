import { Migration20261122170045_initial } from "./Migration20261122170045_initial";
import { Migration20261124005000_redis_gap } from "./Migration20261124005000_redis_gap";
import { Migration20261125160000_key_status_unwritten } from "./Migration20261125160000_key_status_unwritten";
import { Migration20261125190000_bounded_storage } from "./Migration20261125190000_bounded_storage";
import { Migration20261125210000_answers_by_edition } from "./Migration20261125210000_answers_by_edition";
import { Migration20261125220000_mail_turn } from "./Migration20261125220000_mail_turn";
import { Migration20261125230000_search } from "./Migration20261125230000_search";
import { Migration20261126001000_mail_delivery } from "./Migration20261126001000_mail_delivery";
import { Migration20261126002000_verified_email } from "./Migration20261126002000_verified_email";
import { Migration20261126003000_origin } from "./Migration20261126003000_origin";
import { Migration20261126004000_plain_words } from "./Migration20261126004000_plain_words";
import { Migration20261126005000_competition_version } from "./Migration20261126005000_competition_version";
import { Migration20261126012000_mail_by_subject } from "./Migration20261126012000_mail_by_subject";
import { Migration20261126051000_opening_time } from "./Migration20261126051000_opening_time";
import { Migration20261126052000_line } from "./Migration20261126052000_line";
import { Migration20261126053000_what_when_where } from "./Migration20261126053000_what_when_where";
import { Migration20261126054000_lifecycle } from "./Migration20261126054000_lifecycle";
import { Migration20261126055000_cover_image } from "./Migration20261126055000_cover_image";
import { Migration20261126056000_by_day } from "./Migration20261126056000_by_day";
import { Migration20261126056000_cheaper_mail } from "./Migration20261126056000_cheaper_mail";
import { Migration20261126057000_calendar } from "./Migration20261126057000_calendar";
import { Migration20261126058000_leaner_mail } from "./Migration20261126058000_leaner_mail";
import { Migration20261126059000_change_noted } from "./Migration20261126059000_change_noted";

/** Every migration, in order. Listed by hand so that bundles hold them. */
export const migrationsList = [
  { name: "Migration20261122170045_initial", class: Migration20261122170045_initial },
  { name: "Migration20261124005000_redis_gap", class: Migration20261124005000_redis_gap },
  {
    name: "Migration20261125160000_key_status_unwritten",
    class: Migration20261125160000_key_status_unwritten,
  },
  {
    name: "Migration20261125190000_bounded_storage",
    class: Migration20261125190000_bounded_storage,
  },
  {
    name: "Migration20261125210000_answers_by_edition",
    class: Migration20261125210000_answers_by_edition,
  },
  { name: "Migration20261125220000_mail_turn", class: Migration20261125220000_mail_turn },
  { name: "Migration20261125230000_search", class: Migration20261125230000_search },
  { name: "Migration20261126001000_mail_delivery", class: Migration20261126001000_mail_delivery },
  { name: "Migration20261126002000_verified_email", class: Migration20261126002000_verified_email },
  { name: "Migration20261126003000_origin", class: Migration20261126003000_origin },
  { name: "Migration20261126004000_plain_words", class: Migration20261126004000_plain_words },
  {
    name: "Migration20261126005000_competition_version",
    class: Migration20261126005000_competition_version,
  },
  {
    name: "Migration20261126012000_mail_by_subject",
    class: Migration20261126012000_mail_by_subject,
  },
  { name: "Migration20261126051000_opening_time", class: Migration20261126051000_opening_time },
  { name: "Migration20261126052000_line", class: Migration20261126052000_line },
  {
    name: "Migration20261126053000_what_when_where",
    class: Migration20261126053000_what_when_where,
  },
  { name: "Migration20261126054000_lifecycle", class: Migration20261126054000_lifecycle },
  { name: "Migration20261126055000_cover_image", class: Migration20261126055000_cover_image },
  { name: "Migration20261126056000_by_day", class: Migration20261126056000_by_day },
  { name: "Migration20261126056000_cheaper_mail", class: Migration20261126056000_cheaper_mail },
  { name: "Migration20261126057000_calendar", class: Migration20261126057000_calendar },
  { name: "Migration20261126058000_leaner_mail", class: Migration20261126058000_leaner_mail },
  { name: "Migration20261126059000_change_noted", class: Migration20261126059000_change_noted },
];

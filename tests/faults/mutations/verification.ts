import { inFile, type Mutation } from "./mutation";

const VERIFICATION = "tests/integration/verification.test.ts";

/** Whose address it is, and what is sent there before that is known. */
export const VERIFICATION_MUTATIONS: Mutation[] = [
  ...inFile("app/domain/mail/delivery.ts", [
    {
      what: "mail is sent to an address that nobody has proved to be theirs",
      find: '  if (verifiesEmail() && !recipient.isVerified && !mail.isProof) return "waits_for_verification";\n',
      replace: "",
      noticedBy: [
        VERIFICATION,
        "who signs up gets one mail of fixed words, and the rest waits in the mailbox",
      ],
    },
    {
      what: "a mail waits for ever that is written while its reader confirms the address",
      find: "case when (select verified from reader r where r.id = i.user_id) then 'queued' else state end",
      replace: "state",
      noticedBy: [VERIFICATION, "mail that is written while somebody confirms is not left behind"],
    },
    {
      what: "old mail is sent when somebody confirms their address after weeks",
      find: "and m.sent_at > now() - make_interval(hours => ?)",
      replace: "and (m.sent_at > now() - make_interval(hours => ?) or true)",
      noticedBy: [VERIFICATION, "mail that waited for more than a day stays in the mailbox"],
    },
  ]),
  ...inFile("app/domain/mail/proof.ts", [
    {
      what: "the mailbox's copy is sent, which proves nothing",
      find: "if (!mail.dedupeKey.startsWith(`${PROOF_KEY}:`)) return mail;",
      replace: "return mail;",
      noticedBy: [
        VERIFICATION,
        "who signs up gets one mail of fixed words, and the rest waits in the mailbox",
      ],
    },
  ]),
  ...inFile("app/domain/accounts/verify-email.ts", [
    {
      what: "a link works after its day",
      find: "t.used_at is null and t.expires_at > now() as open",
      replace: "t.used_at is null as open",
      noticedBy: [VERIFICATION, "works for a day, and for the address that it was sent to"],
    },
    {
      what: "a link works twice",
      find: "t.used_at is null and t.expires_at > now() as open",
      replace: "t.expires_at > now() as open",
      noticedBy: [
        VERIFICATION,
        "works once, and whichever attempt's mail arrives; of two presses at once one",
      ],
    },
    {
      what: "a link proves another address than the one that it was sent to",
      find: `join "user" u on u.id = t.user_id and u.email = t.email`,
      replace: `join "user" u on u.id = t.user_id`,
      noticedBy: [VERIFICATION, "works for a day, and for the address that it was sent to"],
    },
    {
      what: "of two presses at once both confirm",
      find: 'findLink(em, hash, "for no key update of u")',
      replace: "findLink(em, hash)",
      noticedBy: [
        VERIFICATION,
        "works once, and whichever attempt's mail arrives; of two presses at once one",
      ],
    },
    {
      what: "a code can be guessed for as long as one likes",
      find: "and t.attempts < ?",
      replace: "and t.attempts < 1000000 + ?",
      noticedBy: [
        VERIFICATION,
        "is good for five mistakes, at once as one after the other; then the link is left",
      ],
    },
    {
      what: "anybody's code confirms one's own address",
      find: "and u.email = t.email and t.user_id = ? and",
      replace: "and u.email = t.email and ?::uuid is not null and",
      noticedBy: [VERIFICATION, "does the same for whoever is signed in, however it is typed"],
    },
  ]),
];

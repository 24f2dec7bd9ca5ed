import { inFile, type Mutation } from "./mutation";

const COMPETITIONS_LIFE = "tests/integration/competitions-life.test.ts";
const REGISTRATIONS_TROUBLE = "tests/integration/registrations-trouble.test.ts";

/** Who may do what, and when that is judged. */
export const ACCESS_MUTATIONS: Mutation[] = [
  ...inFile("app/domain/access.ts", [
    {
      what: "every organizer may do everything to every competition",
      find: 'return resource?.ownerId === actor.id ? "granted" : "not_found";',
      replace: 'return resource ? "granted" : "not_found";',
      noticedBy: [
        COMPETITIONS_LIFE,
        "is refused to anybody but its organizer, as if it did not exist",
      ],
    },
    {
      what: "who was an organizer keeps what they own",
      find: '  if (!isRoleFor({ actor, action })) return "forbidden";\n',
      replace: "",
      noticedBy: [
        COMPETITIONS_LIFE,
        "is refused to somebody who lost the role while it waited for the lock",
      ],
    },
  ]),
  ...inFile("app/domain/competitions/edit.ts", [
    {
      what: "a stranger's edit takes the competition's lock before it is refused",
      find: "  if (refusal) return refusal;\n",
      replace: "",
      noticedBy: [
        COMPETITIONS_LIFE,
        "is refused to strangers without a wait for the competition's lock",
      ],
    },
  ]),
  ...inFile("app/domain/competitions/change-own.ts", [
    {
      what: "an edit goes by the role of the time before it waited for the lock",
      find: 'return verdict === "granted" ? change(em) : { status: verdict };',
      replace: "return change(em);",
      noticedBy: [
        COMPETITIONS_LIFE,
        "is refused to somebody who lost the role while it waited for the lock",
      ],
    },
    {
      what: "an edit is committed after its organizer's role was changed",
      find: '${isKept ? "for share of u" : ""}',
      replace: "",
      noticedBy: [
        COMPETITIONS_LIFE,
        "under way makes a change of its organizer's role wait until it is done",
      ],
    },
  ]),
  ...inFile("app/domain/registration/cancel.ts", [
    {
      what: "a cancellation does not see one's own registration that is being committed",
      find: "  await ownCommitsEnd(own.userId);\n",
      replace: "",
      noticedBy: [
        REGISTRATIONS_TROUBLE,
        "a cancellation waits for its own registration under way, which it then finds",
      ],
    },
    {
      what: "a cancellation takes the competition's lock before it has found a registration",
      find: '  if (early.status !== "found") return early;\n',
      replace: "",
      noticedBy: [REGISTRATIONS_TROUBLE, "cannot be taken by people without a seat"],
    },
  ]),
];

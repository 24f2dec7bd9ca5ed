import { Form } from "@remix-run/react";
import { Button } from "./button";
import { CheckField } from "./check-field";
import { DateTimeFields } from "./date-time-fields";
import { ErrorSummary, type FormErrors } from "./error-summary";
import { Field, TextField } from "./field";
import { useIsSending, useLiveErrors } from "./form-state";
import { TimeZoneField } from "./time-zone-field";
import { TypedBefore } from "./typed-before";
import { useUnsavedWarning } from "./unsaved";

/**
 * Where a browser silently cuts off pasted text. So it is beyond the schema's limits, which an error
 * message explains, and within what a body may hold.
 */
const LONGEST_LINE = 1_000;
const LONGEST_TEXT = 19_000;

/** What an organizer writes about a competition, in one column. */
export function CompetitionForm(props: {
  values: Partial<Record<string, string>>;
  errors: FormErrors | undefined;
  /** The present values of fields that were changed both here and elsewhere. */
  theirs?: Partial<Record<string, string>>;
  /** Whether the values are what their writer had typed before they were logged out. */
  isBack: boolean;
  /** What zones there are to choose from. */
  zones: string[];
  button: string;
  sending: string;
  /** A second button, for a draft or what may become one, with a name of its own. */
  second?: { name: string; label: string };
  capacityHint?: string;
  waitlistHint?: string;
}) {
  const { values } = props;
  const { shown, onInput } = useLiveErrors(props.errors);
  const isPreviewing = useIsSending("preview");
  const isSending = useIsSending() && !isPreviewing;
  const noteChange = useUnsavedWarning();
  const field = (name: string) => ({
    name,
    defaultValue: values[name],
    error: shown[name],
    theirs: props.theirs?.[name],
  });
  const date = (name: string) => ({ ...field(name), values });
  return (
    <Form
      method="post"
      // Percent-encoded, ten thousand letters of some scripts are more than a body may hold.
      encType="multipart/form-data"
      noValidate
      className="space-y-7"
      onInput={(event) => {
        noteChange();
        onInput(event);
      }}
    >
      <ErrorSummary errors={props.errors} />
      {props.isBack ? <TypedBefore isNot="saved" button={props.button} /> : null}
      <input type="hidden" name="writer" value={values.writer} />
      {values.shown ? <input type="hidden" name="shown" value={values.shown} /> : null}
      {values.key ? <input type="hidden" name="key" value={values.key} /> : null}
      <Field {...field("title")} label="Title" required maxLength={LONGEST_LINE} />
      <TextField
        {...field("description")}
        label="Description"
        hint="What it is about, what to bring, how it goes. Markdown works: **bold**, - lists, [links](https://example.com)."
        required
        maxLength={LONGEST_TEXT}
        rows={8}
      />
      <Field
        {...field("tags")}
        label="Tags"
        hint="Optional. A few words, separated by commas: coding, hackathon."
      />
      <Field
        {...field("location")}
        label="Place or link"
        hint="Optional. Name and address, or the link of an online event: Town hall, Main Street 5."
        maxLength={LONGEST_LINE}
      />
      <Field
        {...field("capacity")}
        label="Capacity"
        hint={props.capacityHint ?? "How many seats there are, from 1 to 100,000."}
        inputMode="numeric"
        pattern="[\s\p{Nd},'’]*(?!0)\p{Nd}[\s\p{Nd},'’]*"
        required
        className="max-w-40"
      />
      <Field
        {...field("waitlistLimit")}
        label="Waitlist limit"
        hint={props.waitlistHint ?? NEW_LINE}
        inputMode="numeric"
        pattern="[\s\p{Nd},'’]*\p{Nd}[\s\p{Nd},'’]*"
        className="max-w-40"
      />
      <DateTimeFields
        {...date("startDate")}
        label="Start date"
        hint="Optional. Participants are reminded the day before."
      />
      <DateTimeFields
        {...date("endsAt")}
        label="Ends"
        hint="Optional. After this, it is listed under Past."
      />
      <DateTimeFields
        {...date("opensAt")}
        label="Registration opens"
        hint="Optional. Leave it empty to open registration at once."
      />
      <DateTimeFields
        {...date("regDeadline")}
        label="Registration deadline"
        hint={props.second ? `${CLOSES} A draft can do without it for now.` : CLOSES}
        presets={DEADLINES}
        required
      />
      <CheckField
        {...field("lateEntry")}
        label="Late entry"
        hint="People can still register after the start, until the deadline."
      />
      <TimeZoneField
        {...field("timeZone")}
        zones={props.zones}
        hint="All dates and times of this competition are in this zone."
      />
      <div className="flex flex-wrap gap-3">
        <Button pending={isSending}>{isSending ? props.sending : props.button}</Button>
        <Button look="secondary" name="intent" value="preview" pending={isPreviewing}>
          Preview
        </Button>
        {props.second ? (
          <Button look="secondary" name={props.second.name} value="yes" pending={isSending}>
            {props.second.label}
          </Button>
        ) : null}
      </div>
    </Form>
  );
}

const NEW_LINE =
  "Optional. How many people may wait in line once every seat is taken, up to 100,000. Leave it empty for as many as there are seats; 0 means no waitlist.";

const CLOSES = "After this, nobody can register or give a seat back.";

/** When registration may close without a date of its own: `form-dates.ts` reads them. */
const DEADLINES = [
  { value: "own", label: "As set here" },
  { value: "start", label: "At the start" },
  { value: "day-before", label: "A day before the start" },
];

import { Form } from "@remix-run/react";
import { Button } from "./button";
import { ErrorSummary, type FormErrors } from "./error-summary";
import { Field, TextField } from "./field";
import { useIsSending, useLiveErrors } from "./form-state";
import { useUnsavedWarning } from "./unsaved";

/**
 * Where a browser cuts off what is pasted, without a word: so it is beyond the schema's limits, which
 * the answer explains, and within what a body may hold.
 */
const LONGEST_LINE = 1_000;
const LONGEST_TEXT = 19_000;

/** What an organizer writes about a competition, in one column. */
export function CompetitionForm(props: {
  values: Partial<Record<string, string>>;
  errors: FormErrors | undefined;
  /** What fields say now that were changed both here and elsewhere. */
  theirs?: Partial<Record<string, string>>;
  /** Whether the values were typed before their writer was logged out, and wait here since. */
  isBack: boolean;
  /** The zone that the dates in `values` are written in; it goes with the form. */
  zone: string;
  button: string;
  sending: string;
  capacityHint?: string;
  waitlistHint?: string;
}) {
  const { values, zone } = props;
  const { shown, onInput } = useLiveErrors(props.errors);
  const isSending = useIsSending();
  const noteChange = useUnsavedWarning();
  const field = (name: string) => ({
    name,
    defaultValue: values[name],
    error: shown[name],
    theirs: props.theirs?.[name],
  });
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
      {props.isBack ? <TypedBefore button={props.button} /> : null}
      <input type="hidden" name="timeZone" value={zone} />
      <input type="hidden" name="writer" value={values.writer} />
      {values.shown ? <input type="hidden" name="shown" value={values.shown} /> : null}
      <Field {...field("title")} label="Title" required maxLength={LONGEST_LINE} />
      <TextField
        {...field("description")}
        label="Description"
        hint="What it is about, where it takes place, what to bring. Plain text."
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
      <FormZoneDate
        {...field("opensAt")}
        label="Registration opens"
        hint="Optional. Nobody registers before this; without it, people can at once."
        zone={zone}
      />
      <FormZoneDate
        {...field("regDeadline")}
        label="Registration deadline"
        hint="Nobody registers or cancels after this."
        zone={zone}
        required
      />
      <FormZoneDate
        {...field("startDate")}
        label="Start date"
        hint="Optional. Participants are reminded the day before."
        zone={zone}
      />
      <Button pending={isSending}>{isSending ? props.sending : props.button}</Button>
    </Form>
  );
}

const NEW_LINE =
  "Optional. How many people may wait in line once every seat is taken, up to 100,000. Left empty: as many as there are seats. 0 is no waitlist.";

function TypedBefore({ button }: { button: string }) {
  return (
    <p className="rounded-md border border-s-4 border-accent bg-accent-soft px-5 py-3">
      You were logged out while you were writing. Your text is here, and not saved yet: press “
      {button}”.
    </p>
  );
}

/** A date and time by the clocks of `zone`, which the hint names and the form sends along. */
function FormZoneDate(props: {
  name: string;
  label: string;
  hint?: string;
  zone: string;
  defaultValue?: string;
  error?: string;
  theirs?: string;
  required?: boolean;
}) {
  const { zone, hint, ...field } = props;
  return (
    <Field
      {...field}
      type="datetime-local"
      max="9999-12-31T23:59"
      className="max-w-72"
      hint={`${hint ? `${hint} ` : ""}Time zone: ${zone.replaceAll("_", " ")}.`}
    />
  );
}

import type { ComponentProps } from "react";
import { describe, FieldError, FieldHint, type FieldParts, fieldId, Theirs } from "./field";

/**
 * A date and a time as a group of two fields. Where there are presets, one of them may stand for both;
 * the two are hidden then by style sheet alone, so that it works without scripts.
 */
export function DateTimeFields(
  props: FieldParts & {
    /** Of the whole form: "2030-07-01T18:00" under the name, or what was typed into the two fields. */
    values: Partial<Record<string, string>>;
    presets?: { value: string; label: string }[];
    required?: boolean;
  },
) {
  const { name, label, hint, error, theirs, values, presets = [], required } = props;
  const id = fieldId(name);
  const [date = "", time = ""] = (values[name] ?? "").split("T");
  const tied = describe({ id, hint, error, theirs });
  return (
    <fieldset aria-describedby={tied["aria-describedby"]} className="group/dates space-y-1.5">
      <legend className="font-semibold">{label}</legend>
      <FieldHint id={id}>{hint}</FieldHint>
      {error ? <FieldError id={`${id}-error`}>{error}</FieldError> : null}
      <Presets id={id} name={`${name}-at`} presets={presets} chosen={values[`${name}-at`]} />
      <div className="flex max-w-[23rem] flex-wrap gap-x-3 gap-y-2 group-has-[[value=own]:not(:checked)]/dates:hidden">
        <Part
          label="Date"
          type="date"
          id={presets.length > 0 ? `${id}-date` : id}
          name={`${name}-date`}
          defaultValue={values[`${name}-date`] ?? date}
          max="9998-12-31"
          required={required}
          aria-invalid={tied["aria-invalid"]}
        />
        <Part
          label="Time"
          type="time"
          id={`${id}-time`}
          name={`${name}-time`}
          defaultValue={values[`${name}-time`] ?? time}
          required={required}
          aria-invalid={tied["aria-invalid"]}
        />
      </div>
      <Theirs id={id} text={theirs} />
    </fieldset>
  );
}

function Presets(props: {
  /** Where the error summary leads: the two fields may be hidden. */
  id: string;
  name: string;
  presets: { value: string; label: string }[];
  chosen: string | undefined;
}) {
  const { id, name, presets, chosen = presets[0]?.value } = props;
  if (presets.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-x-6 gap-y-1">
      {presets.map(({ value, label }) => (
        <label key={value} className="flex min-h-6 items-center gap-2 pointer-coarse:min-h-target">
          <input
            type="radio"
            id={value === chosen ? id : undefined}
            name={name}
            value={value}
            defaultChecked={value === chosen}
            className="size-5 shrink-0 accent-accent"
          />
          {label}
        </label>
      ))}
    </div>
  );
}

function Part({ label, ...input }: { label: string } & ComponentProps<"input">) {
  return (
    <div
      className={`min-w-0 flex-1 ${input.type === "date" ? "basis-[9.25rem]" : "basis-[7.75rem]"}`}
    >
      <label htmlFor={input.id} className="block text-sm">
        {label}
      </label>
      <input {...input} className="control max-sm:px-2.5" />
    </div>
  );
}

import { describe, FieldError, FieldHint, type FieldParts, fieldId, Theirs } from "./field";

/** A box to tick, which sends "yes" or "no": a form without it says neither. */
export function CheckField(props: FieldParts & { defaultValue?: string }) {
  const { name, label, hint, error, theirs, defaultValue } = props;
  const id = fieldId(name);
  return (
    <div className="space-y-1.5">
      <label
        htmlFor={id}
        className="flex min-h-6 items-center gap-3 font-semibold pointer-coarse:min-h-target"
      >
        <input
          type="checkbox"
          id={id}
          name={name}
          value="yes"
          defaultChecked={defaultValue === "yes"}
          className="size-5 shrink-0 accent-accent"
          {...describe({ id, hint, error, theirs })}
        />
        {label}
      </label>
      {/* If a field comes twice, the first counts. */}
      <input type="hidden" name={name} value="no" />
      <FieldHint id={id}>{hint}</FieldHint>
      {error ? <FieldError id={`${id}-error`}>{error}</FieldError> : null}
      <Theirs id={id} text={theirs} />
    </div>
  );
}

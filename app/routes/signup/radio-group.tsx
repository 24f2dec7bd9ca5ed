import { describe, FieldError, fieldId } from "~/components/field";

/** One choice out of a few, each with a sentence of what it means. */
export function RadioGroup(props: {
  name: string;
  legend: string;
  options: { value: string; label: string; hint: string }[];
  defaultValue?: string;
  error?: string;
}) {
  const { name, error } = props;
  const id = fieldId(name);
  return (
    <fieldset className="min-w-0 space-y-1.5" {...describe({ id, error })}>
      <legend className="font-semibold">{props.legend}</legend>
      {error ? <FieldError id={`${id}-error`}>{error}</FieldError> : null}
      <div className="grid gap-3 sm:grid-cols-2">
        {props.options.map((option, index) => {
          // The error summary leads to the first choice.
          const optionId = index === 0 ? id : `${id}-${option.value.toLowerCase()}`;
          return (
            <div
              key={option.value}
              className="relative flex min-h-target min-w-0 gap-3 rounded-md border border-line-strong bg-raised px-4 py-3 has-checked:border-accent has-checked:bg-accent-soft forced-colors:has-checked:border-[Highlight] has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                id={optionId}
                name={name}
                value={option.value}
                defaultChecked={props.defaultValue === option.value}
                required
                aria-describedby={`${optionId}-hint`}
                className="relative z-1 mt-1 size-5 shrink-0 accent-accent outline-none"
              />
              <div className="min-w-0">
                <label htmlFor={optionId} className="font-semibold after:absolute after:inset-0">
                  {option.label}
                </label>
                <p id={`${optionId}-hint`} className="text-sm text-ink-soft">
                  {option.hint}
                </p>
              </div>
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

import { Field } from "./field";

/** A date and time by the clocks of `zone`, which the hint names and the form sends along. */
export function FormZoneDate(props: {
  name: string;
  label: string;
  hint?: string;
  zone: string;
  defaultValue?: string;
  error?: string;
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

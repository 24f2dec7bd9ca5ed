import { describe, FieldFrame, type FieldParts, fieldId } from "./field";

/** A choice among the world's time zones; one that is set already stays among them. */
export function TimeZoneField(
  props: Omit<FieldParts, "label"> & {
    zones: string[];
    defaultValue?: string;
  },
) {
  const { name, hint, error, theirs, zones, defaultValue = "UTC" } = props;
  const id = fieldId(name);
  const known = zones.includes(defaultValue) ? zones : [defaultValue, ...zones];
  return (
    <FieldFrame id={id} label="Time zone" hint={hint} error={error} theirs={theirs}>
      <select
        id={id}
        name={name}
        defaultValue={defaultValue}
        className="control max-w-72"
        {...describe({ id, hint, error, theirs })}
      >
        {known.map((zone) => (
          <option key={zone} value={zone}>
            {zone.replaceAll("_", " ")}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

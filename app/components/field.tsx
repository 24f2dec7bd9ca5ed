import type { InputHTMLAttributes, ReactNode, TextareaHTMLAttributes } from "react";

export interface FieldParts {
  name: string;
  label: string;
  hint?: ReactNode;
  error?: string;
  /** What somebody else wrote into it meanwhile. */
  theirs?: string;
}

type InputFieldProps = FieldParts & Omit<InputHTMLAttributes<HTMLInputElement>, "name">;
type TextFieldProps = FieldParts & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "name">;

/** A labelled input with its hint and its error, both tied to it. */
export function Field({ label, hint, error, theirs, ...input }: InputFieldProps) {
  const id = fieldId(input.name);
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} theirs={theirs}>
      <input
        dir="auto"
        {...input}
        id={id}
        className={`control ${input.className ?? ""}`}
        {...describe({ id, hint, error, theirs })}
      />
    </FieldFrame>
  );
}

/** As Field, for more than one line. */
export function TextField({ label, hint, error, theirs, ...area }: TextFieldProps) {
  const id = fieldId(area.name);
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} theirs={theirs}>
      <textarea
        dir="auto"
        rows={6}
        {...area}
        id={id}
        className="control"
        {...describe({ id, hint, error, theirs })}
      />
    </FieldFrame>
  );
}

/** The id of a field's control: where the error summary's links lead. */
export function fieldId(name: string): string {
  return `field-${name}`;
}

/** What ties a control to its hint and its error for screen readers. */
export function describe(field: Pick<FieldParts, "hint" | "error" | "theirs"> & { id: string }) {
  const describedBy = [
    field.hint && `${field.id}-hint`,
    field.error && `${field.id}-error`,
    field.theirs !== undefined && `${field.id}-theirs`,
  ];
  return {
    "aria-describedby": describedBy.filter(Boolean).join(" ") || undefined,
    "aria-invalid": field.error ? true : undefined,
  };
}

/** A label with its hint and its error, the control, and what somebody else wrote into it. */
export function FieldFrame(props: {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string;
  theirs?: string;
  children: ReactNode;
}) {
  return (
    <div className="space-y-1.5">
      <label htmlFor={props.id} className="block font-semibold">
        {props.label}
      </label>
      <FieldHint id={props.id}>{props.hint}</FieldHint>
      {props.error ? <FieldError id={`${props.id}-error`}>{props.error}</FieldError> : null}
      {props.children}
      <Theirs id={props.id} text={props.theirs} />
    </div>
  );
}

/** What a field says now that was changed both here and elsewhere. */
export function Theirs({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p id={`${id}-theirs`} className="rounded-md border border-line px-3 py-2 text-sm">
      <span className="font-semibold">What it says now: </span>
      <span dir="auto" className="whitespace-pre-line wrap-anywhere">
        {text || "nothing"}
      </span>
    </p>
  );
}

/** What a field is for, in a sentence. */
export function FieldHint({ id, children }: { id: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <p id={`${id}-hint`} className="text-sm text-ink-soft">
      {children}
    </p>
  );
}

/** What is wrong with one field, in words that say how to put it right. */
export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="text-sm font-semibold text-danger">
      <span className="sr-only">Error: </span>
      {children}
    </p>
  );
}

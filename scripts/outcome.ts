/** What a command ends with. */
export interface Outcome {
  /** 0 done, 1 refused, 2 usage */
  exitCode: 0 | 1 | 2;
  text: string;
}

/** Done: for programs as JSON, for people as text. */
export function done({
  json,
  data,
  text,
}: {
  json: boolean;
  data: unknown;
  text: string;
}): Outcome {
  return { exitCode: 0, text: json ? `${JSON.stringify(data, null, 2)}\n` : `${text}\n` };
}

/** Refused, with the reason in a word for programs and a sentence for people. */
export function refused({
  json,
  status,
  text,
}: {
  json: boolean;
  status: string;
  text: string;
}): Outcome {
  return { ...done({ json, data: { status, message: text }, text }), exitCode: 1 };
}

import type { EditOutcome } from "~/domain/competitions/index.server";
import { type FormValues, firstOfEach, formAgain } from "./forms";
import { notFound } from "./pages";

/** The form again for changes that cannot be made, with the reason at the field. */
export function editRefusal(
  outcome: Exclude<EditOutcome, { status: "saved" | "edit_conflict" }>,
  values: FormValues,
) {
  switch (outcome.status) {
    case "forbidden":
    case "not_found":
      throw notFound();
    case "capacity_below_taken": {
      const seats = outcome.taken === 1 ? "1 seat is" : `${outcome.taken} seats are`;
      const capacity = `${seats} taken, so there cannot be fewer.`;
      return formAgain({ values, errors: { capacity } }, 409);
    }
    case "competition_cancelled":
      return formAgain(
        {
          values,
          errors: { "": "This competition is cancelled, so it can no longer be changed." },
        },
        409,
      );
    case "invalid":
      return formAgain({ values, errors: firstOfEach(outcome.fields) });
  }
}

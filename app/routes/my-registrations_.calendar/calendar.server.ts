import { redirect } from "@remix-run/node";
import {
  endCalendar,
  findOwnCalendar,
  renewCalendarSecret,
} from "~/domain/registration/index.server";
import {
  type FormValues,
  flash,
  noteSecret,
  publicUrl,
  requireActor,
  takeSecret,
} from "~/web/index.server";

const PAGE = "/my-registrations/calendar";

/** Whether the participant's calendar has an address, and right after it was made, which. */
export async function showCalendar(request: Request) {
  const actor = await requireActor(request, "share own calendar");
  const taken = await takeSecret(request);
  const found = await findOwnCalendar({ actor, secret: taken?.secret ?? null });
  // The browser may be another person's by now, or the address closed again.
  const address = taken && found?.isSecret ? `${publicUrl()}/calendar/${taken.secret}.ics` : null;
  const headers = new Headers(taken ? { "Set-Cookie": taken.cookie } : undefined);
  return { shown: { since: found?.since ?? null, address }, headers };
}

/** Answers the page's buttons: a new address, or none any more. */
export async function changeCalendar(request: Request, values: FormValues): Promise<Response> {
  const actor = await requireActor(request, "share own calendar");
  const headers = new Headers();
  if (values.intent === "end") {
    await endCalendar({ actor });
    headers.append("Set-Cookie", await flash("The address of your calendar is turned off."));
  } else {
    headers.append("Set-Cookie", await noteSecret(await renewCalendarSecret({ actor })));
    headers.append("Set-Cookie", await flash("Your calendar has a new address."));
  }
  return redirect(PAGE, { status: 303, headers });
}

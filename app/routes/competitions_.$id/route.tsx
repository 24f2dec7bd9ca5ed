import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  Link,
  type ShouldRevalidateFunction,
  useActionData,
  useLoaderData,
} from "@remix-run/react";
import { Avatar } from "~/components/avatar";
import { StateChip } from "~/components/chip";
import { Cover } from "~/components/cover";
import { InZone } from "~/components/date-time";
import { ErrorSummary } from "~/components/error-summary";
import { Page, pageMeta, titleInBrowser } from "~/components/page";
import { Prose } from "~/components/prose";
import { seatsLeftWords } from "~/components/seat-meter";
import { ShareBar } from "~/components/share-bar";
import {
  cancelWithForm,
  findUser,
  keepingPress,
  leaveLineWithForm,
  readFormValues,
  registerWithForm,
  requireActor,
} from "~/web/index.server";
import { CompetitionFacts } from "./competition-facts";
import { LifecycleNotice } from "./lifecycle-notice";
import { useLivePlace, useTitle } from "./live-place";
import { LiveSeatMeter, useLiveSeats } from "./live-seats";
import { type MadeBefore, type Now, opensInWords, useOpening, useServerTime } from "./opening";
import { OwnerActions } from "./owner-actions";
import { RegistrationPanel } from "./registration-panel";
import { showCompetition } from "./show.server";
import { titleOf } from "./standing";

export { keepWhenUnanswered as clientAction } from "~/components/unanswered";

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  if (!data) return pageMeta(undefined);
  const { competition, standing, share } = data;
  return [...pageMeta(titleOf(competition, standing), share.summary), ...share.tags];
};

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const leaving = new URL(request.url).searchParams.get("leave");
  const user = await findUser(request, context);
  const { standIn } = context;
  return showCompetition({ id: params.id ?? "", user, request, leaving, standIn });
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const values = await readFormValues(request);
  const user = await keepingPress(request, values, () => requireActor(request, "register"));
  const asked = { user, competitionId: params.id ?? "", origin: context.origin };
  if (values.intent === "cancel") return cancelWithForm(asked);
  return values.intent === "leave" ? leaveLineWithForm(asked) : registerWithForm(values, asked);
}

/** What was refused is news: the last seat is gone, the deadline passed, or the key was used up. */
export const shouldRevalidate: ShouldRevalidateFunction = ({
  actionStatus,
  actionResult,
  defaultShouldRevalidate,
}) => {
  if (actionResult?.isUnanswered) return false;
  return actionStatus !== undefined || defaultShouldRevalidate;
};

export default function CompetitionInItsZone() {
  const { competition } = useLoaderData<typeof loader>();
  return (
    <InZone zone={competition.timeZone}>
      <Competition />
    </InZone>
  );
}

function Competition() {
  const {
    competition,
    share,
    seats: loaded,
    standing: before,
    made,
  } = useLoaderData<typeof loader>();
  const again = useActionData<typeof action>();
  const time = useServerTime(made);
  const now = useOpening(useLiveSeats(competition.id, loaded, time.hear), time.now);
  const { seats } = now;
  const standing = useLivePlace(competition.id, before);
  useTitle(titleInBrowser(titleOf(competition, standing)));
  // An attempt that may have gone through is repeated under its own key, never under a new one.
  const idempotencyKey = again?.values.idempotencyKey ?? standing.idempotencyKey;
  return (
    <Page
      title={competition.title}
      face={<Face id={competition.id} />}
      above={
        <p className="flex max-w-[36rem] flex-wrap items-center justify-between gap-3">
          <Link to="/competitions" className="link inline-flex min-h-6 items-center">
            Competitions
          </Link>
          <StateChip
            of={{ ...competition, ...seats, ...unlessPublished(competition) }}
            has={standing.seat ? "a seat" : standing.place ? "a place" : undefined}
            isBrief
          />
        </p>
      }
      lede={<Host id={competition.organizerId} name={competition.organizerName} />}
      actions={standing.viewer === "owner" ? <OwnerActions {...competition} /> : undefined}
    >
      <ErrorSummary errors={again?.errors} />
      {share.isNew ? <ShareBar {...share} /> : null}
      <CompetitionFacts competition={competition} seats={seats} />
      {competition.status === "published" ? (
        <section
          aria-label="Registration"
          className="card dock mt-6 max-w-[36rem] p-5"
          data-dock={dockWords(now, made)}
        >
          <LiveSeatMeter
            seats={seats}
            isSettled={standing.seat !== null || standing.place !== null}
          />
          <div className="mt-5">
            <RegistrationPanel
              competition={competition}
              now={now}
              made={made}
              standing={{ ...standing, idempotencyKey }}
            />
          </div>
        </section>
      ) : (
        <LifecycleNotice competition={competition} />
      )}
      <h2 className="mt-9 text-xl font-semibold tracking-tight mb-2">About</h2>
      <Prose html={competition.about} />
      {share.isNew || competition.status !== "published" ? null : <ShareBar {...share} />}
    </Page>
  );
}

/** What stands beside the button while both are at the bottom of a phone. */
function dockWords({ seats, leftMs }: Now, made: MadeBefore | null): string {
  if (seats.state === "opens") return opensInWords(leftMs, made);
  return seats.state === "full" ? "Sold out" : seatsLeftWords(seats.seatsLeft);
}

/** What the chip says of a competition in which nobody can register. */
function unlessPublished({ status }: { status: "draft" | "published" | "cancelled" }) {
  return status === "published" ? {} : { state: status };
}

/** Its cover: a band on a phone, a square beside the page where there is room. */
function Face({ id }: { id: string }) {
  return (
    <Cover
      id={id}
      isFirst
      className="aspect-[5/2] w-full rounded-lg border border-line sm:aspect-[3/1] md:aspect-square md:rounded-[1.25rem]"
    />
  );
}

function Host({ id, name }: { id: string; name: string }) {
  return (
    <p className="flex items-center gap-3">
      <Avatar name={name} />
      <span className="min-w-0 wrap-anywhere">
        by{" "}
        <Link to={`/organizers/${id}`} className="py-1 font-semibold text-ink hover:underline">
          <bdi>{name}</bdi>
        </Link>
      </span>
    </p>
  );
}

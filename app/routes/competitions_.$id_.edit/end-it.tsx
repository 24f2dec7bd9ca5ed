import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { Button } from "~/components/button";
import { useIsSending } from "~/components/form-state";

/** How a competition ends before its time: no more people, no more of it, or as if it had never been. */
export function EndIt(props: {
  id: string;
  registrations: number;
  waiting: number;
  status: string;
  state: string;
}) {
  const { id, registrations, waiting, status, state } = props;
  const isSending = useIsSending();
  return (
    <div className="mt-12 space-y-8 border-t border-line pt-8">
      {state === "open" || state === "full" ? (
        <Way
          title="Enough people?"
          words="Nobody can register or give a seat back after this. A later deadline opens it again."
        >
          <Form method="post" action={`/competitions/${id}/close`}>
            <Button look="secondary" pending={isSending}>
              Close registration now
            </Button>
          </Form>
        </Way>
      ) : null}
      {status === "published" ? (
        <Way
          title="No longer taking place?"
          words="Its page stays and says so. We ask you once more first, and then tell everybody by email."
        >
          <Form action={`/competitions/${id}/cancel`}>
            <Button look="danger">Cancel competition</Button>
          </Form>
        </Way>
      ) : null}
      <Way
        title="Take it down?"
        words={
          registrations + waiting === 0
            ? "It disappears for everybody at once."
            : `It disappears for everybody. People ${registrations > 0 ? "have seats" : "are in line"}, so we ask you once more first.`
        }
      >
        <Form method="post" action={`/competitions/${id}/delete`}>
          <Button look="danger" pending={isSending}>
            Delete competition
          </Button>
        </Form>
      </Way>
    </div>
  );
}

function Way({ title, words, children }: { title: string; words: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="mt-1 mb-4 text-ink-soft">{words}</p>
      {children}
    </section>
  );
}

import type { ReactNode } from "react";

/** What stands in place of the registration while nobody can register: in a draft, and in what is off. */
export function LifecycleNotice(props: {
  competition: { status: string; cancelMessage: string | null; organizerName: string };
}) {
  const { status, cancelMessage, organizerName } = props.competition;
  if (status === "draft") {
    return (
      <Notice title="Draft">
        <p>Only you see this page. When you publish it, people can find it and register.</p>
      </Notice>
    );
  }
  return (
    <Notice title="Cancelled">
      <p>
        <bdi>{organizerName}</bdi> has cancelled this competition, so it will not take place.
        Everybody with a seat or a place in line was told by email.
      </p>
      {cancelMessage ? (
        <blockquote
          dir="auto"
          className="mt-3 border-s-4 border-line-strong ps-4 whitespace-pre-line text-ink wrap-anywhere"
        >
          {cancelMessage}
        </blockquote>
      ) : null}
    </Notice>
  );
}

function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label="Registration" className="card mt-6 max-w-[36rem] p-5">
      <h2 tabIndex={-1} data-landing className="rounded-sm text-lg font-semibold">
        {title}
      </h2>
      <div className="mt-1 text-sm text-ink-soft">{children}</div>
    </section>
  );
}

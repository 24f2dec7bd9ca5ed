/** Fetched before scripts, which nobody sees. In lower case, since React 18 does not know the attribute. */
const NOW = { fetchpriority: "high" };

/** A competition's picture, always the same for an id (app/web/cover.ts). Words say all that it says. */
export function Cover(props: { id: string; className?: string; isFirst?: boolean }) {
  return (
    <img
      src={`/covers/${props.id}.svg`}
      alt=""
      width={400}
      height={225}
      loading={props.isFirst ? undefined : "lazy"}
      decoding={props.isFirst ? "sync" : "async"}
      {...(props.isFirst && NOW)}
      className={`bg-sunken object-cover print:hidden ${props.className ?? ""}`}
    />
  );
}

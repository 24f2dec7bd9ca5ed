/** Before scripts, which are not in sight. In lower case: React 18 does not know it. */
const NOW = { fetchpriority: "high" };

/** A competition's picture, which is always the same (app/web/cover.ts). It says nothing that words do not. */
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

/** A text that somebody wrote in Markdown. @param html what the server made of it, and nothing else */
export function Prose({ html }: { html: string }) {
  return (
    <div
      className="prose max-w-text wrap-anywhere"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: platform/markdown.ts lets no HTML of the writer's through
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

import { useEffect, useRef, useState } from "react";
import { announce } from "./announcer";
import { Button } from "./button";
import { Field } from "./field";

/** A page's address, to be given to others. Without scripts it is there to be copied by hand. */
export function ShareBar({ address, isNew }: { address: string | null; isNew: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"no scripts" | "ready" | "copied">("no scripts");
  useEffect(() => setState("ready"), []);
  if (address === null) return null;
  const copy = async (button: HTMLButtonElement) => {
    if (!(await writeToClipboard(address))) {
      // Browsers without the clipboard, as over plain HTTP, copy what is selected where the focus is.
      const field = box.current?.querySelector("input");
      field?.focus();
      field?.select();
      if (!document.execCommand("copy")) return;
      button.focus();
    }
    announce("The link is copied.");
    setState("copied");
  };
  return (
    <section
      aria-labelledby="share"
      className={`print:hidden max-w-[36rem] ${isNew ? "card mb-6 p-5" : "mt-9"}`}
    >
      <h2 id="share" className="text-xl font-semibold tracking-tight">
        {isNew ? "Now share it" : "Share"}
      </h2>
      {isNew ? (
        <p className="mt-1 text-sm text-ink-soft">
          It is online. Send people this link: it shows what it is, when, and how to get a seat.
        </p>
      ) : null}
      <div ref={box} className="mt-2 flex flex-wrap items-end gap-3">
        <div className="min-w-0 grow basis-60">
          <Field name="share" label="Link to this page" value={address} readOnly dir="ltr" />
        </div>
        <Button
          type="button"
          look="secondary"
          onClick={(event) => void copy(event.currentTarget)}
          className={state === "no scripts" ? "invisible noscript:hidden" : ""}
        >
          {state === "copied" ? "Copied" : "Copy link"}
        </Button>
      </div>
    </section>
  );
}

async function writeToClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

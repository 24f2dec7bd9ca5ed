import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { unmarked } from "./components/error-title";
import { RequestContextProvider } from "./components/request-context";

const requestId = document.querySelector<HTMLMetaElement>("meta[name=request-id]")?.content;

document.title = unmarked(document.title);
function hydrate(): void {
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <RequestContextProvider value={{ requestId }}>
          <RemixBrowser />
        </RequestContextProvider>
      </StrictMode>,
    );
  });
}

// The page is complete without scripts: it is painted before they take a slow phone's processor. A tab
// in the background is not painted before somebody looks.
if (document.hidden) hydrate();
else requestAnimationFrame(() => setTimeout(hydrate));

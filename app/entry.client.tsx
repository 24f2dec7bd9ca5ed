import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { unmarked } from "./components/error-title";
import { RequestContextProvider } from "./components/request-context";

const requestId = document.querySelector<HTMLMetaElement>("meta[name=request-id]")?.content;

document.title = unmarked(document.title);
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

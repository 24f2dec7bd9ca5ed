import {
  data,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import {
  Links,
  LiveReload,
  Meta,
  Outlet,
  ScrollRestoration,
  useMatches,
  useRouteLoaderData,
} from "@remix-run/react";
import type { ReactNode } from "react";
import { AddressNotice } from "./components/address-notice";
import { Announcer } from "./components/announcer";
import { VisitorTimeProvider } from "./components/date-time";
import { FailurePage, failureTitle } from "./components/failure-page";
import { FocusKeeper } from "./components/focus";
import { Flash, Footer, FreshOnReturn, Header, Progress } from "./components/frame";
import { LateScripts } from "./components/late-scripts";
import { useRequestContext } from "./components/request-context";
import stylesheet from "./tailwind.css";
import { findUser, knownTimeZone, takeFlash } from "./web/index.server";

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: stylesheet },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
];

export const meta: MetaFunction = ({ error }) => [
  { title: `${error ? `${failureTitle(error)} · ` : ""}Mini Compete` },
  {
    name: "description",
    content: "Find a competition and take your seat. Every seat is given once.",
  },
];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const [user, flash] = await Promise.all([findUser(request, context), takeFlash(request)]);
  return data(
    {
      user: user && { id: user.id, name: user.name, role: user.role },
      unverified: user && !user.isVerified ? user.email : null,
      flash: flash?.message ?? null,
      timeZone: knownTimeZone(request.headers.get("cookie")),
      now: Date.now(),
      requestId: context.standIn?.requestId ?? context.requestId,
    },
    { headers: flash ? { "Set-Cookie": flash.cookie } : undefined },
  );
}

/** The frame around pages and around what is shown when a page failed. */
export function Layout({ children }: { children: ReactNode }) {
  const { nonce, requestId, scripts } = useRequestContext();
  const loaded = useRouteLoaderData<typeof loader>("root");
  const reloadIn = useReloadIn();
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#1b1e1b" media="(prefers-color-scheme: dark)" />
        <meta name="request-id" content={requestId} />
        <OwnScript code={scripts?.reportZone} />
        {loaded?.timeZone ? null : <OwnScript code={scripts?.tellYourTimes} />}
        {reloadIn ? (
          <noscript>
            <meta httpEquiv="refresh" content={reloadIn} />
          </noscript>
        ) : null}
        <Meta />
        <Links />
      </head>
      <body className="flex min-h-dvh flex-col">
        <a
          href="#main"
          className="sr-only rounded-md bg-accent px-4 py-3 text-on-accent focus:not-sr-only focus:absolute focus:start-2 focus:top-2 focus:z-10"
        >
          Skip to the content
        </a>
        <VisitorTimeProvider zone={loaded?.timeZone ?? null} now={loaded?.now ?? 0}>
          <Header user={loaded?.user ?? null} />
          <AddressNotice email={loaded?.unverified ?? null} />
          <main
            id="main"
            tabIndex={-1}
            className="mx-auto w-full max-w-page px-4 py-7 sm:px-6 sm:py-10"
          >
            <Flash message={loaded?.flash ?? null} />
            {children}
          </main>
          <Footer />
        </VisitorTimeProvider>
        <Progress />
        <Announcer />
        <FocusKeeper />
        <FreshOnReturn />
        <ScrollRestoration nonce={nonce} />
        <LateScripts />
        <LiveReload nonce={nonce} />
      </body>
    </html>
  );
}

/** One that is part of the document; nothing where React draws it anew, which runs none. */
function OwnScript({ code = "" }: { code: string | undefined }) {
  const { nonce } = useRequestContext();
  return (
    <script
      nonce={nonce}
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant, whatever the page
      dangerouslySetInnerHTML={{ __html: code }}
    />
  );
}

/** In how many seconds the page shall load itself again where no scripts do: its loader's `reloadIn`. */
function useReloadIn(): string | undefined {
  const loaded = useMatches().map(({ data }): unknown => data);
  return loaded.map((one) => (asksForReload(one) ? one.reloadIn : undefined)).find(Boolean);
}

function asksForReload(loaded: unknown): loaded is { reloadIn: string | undefined } {
  return typeof loaded === "object" && loaded !== null && "reloadIn" in loaded;
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <FailurePage />;
}

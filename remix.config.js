/** @type {import("@remix-run/dev").AppConfig} */
export default {
  serverModuleFormat: "esm",
  // Minifying the server build saves nothing and makes stack traces unreadable.
  serverMinify: false,
  // Tailwind 4 runs as a PostCSS plugin; the compiler's own support is for Tailwind 3.
  tailwind: false,
  postcss: true,
  ignoredRouteFiles: ["**/*.test.*"],
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_singleFetch: true,
    v3_lazyRouteDiscovery: true,
  },
};

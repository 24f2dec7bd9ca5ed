import type { ServerBuild } from "@remix-run/node";

type Module = NonNullable<ServerBuild["routes"][string]>["module"];

/**
 * The same build, with pages that fail inside their frame. When a document's action throws a response,
 * Remix runs no loaders, so the frame would not know who is signed in and would offer to log in. Here the
 * response waits for the page's loader, which throws it while the frame's loader runs as usual.
 */
export function failingInFrame(build: ServerBuild): ServerBuild {
  const routes = Object.entries(build.routes).map(([id, route]) => [
    id,
    route && { ...route, module: framed(route.module) },
  ]);
  return { ...build, routes: Object.fromEntries(routes) };
}

function framed(module: Module): Module {
  const { action, loader, default: isPage } = module;
  if (!action || !loader || !isPage) return module;
  return {
    ...module,
    async action(args, ...rest) {
      try {
        return await action(args, ...rest);
      } catch (thrown) {
        const { failure } = args.context;
        const isAnswer = thrown instanceof Response && thrown.status >= 400;
        if (!failure || !isAnswer) throw thrown;
        failure.answer = thrown;
        return null;
      }
    },
    async loader(args, ...rest) {
      const { answer } = args.context.failure ?? {};
      if (answer) throw answer;
      return loader(args, ...rest);
    },
  };
}

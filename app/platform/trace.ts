import type { Origin } from "./origin";
import { existing } from "./singleton";

/** Facts of ours only: routes, methods, statuses, outcomes. Never what people sent (decision 15). */
type Facts = Record<string, string | number>;

export interface Span {
  /** Its name for the work that follows from it (W3C Trace Context). */
  traceparent: string;
  /** Ends it. With an `error` it failed, for that kind of reason. */
  end(facts?: Facts, error?: string): void;
}

export interface SpanOrder {
  name: string;
  kind?: "server" | "client" | "producer" | "consumer";
  /** The `traceparent` of its parent. */
  parent?: string | undefined;
  /** Those of related spans. */
  links?: string[];
  facts?: Facts;
}

/** Set up by open-telemetry.ts if traces are on. */
export interface Tracing {
  start(order: SpanOrder): Span;
  /** Sends what is left, within two seconds. */
  stop(): Promise<void>;
}

/** Starts a span; nothing where traces are off. */
export function startSpan(order: SpanOrder): Span | undefined {
  return existing<Tracing>("tracing")?.start(order);
}

/** Sends the last spans, where traces are on. */
export async function stopTracing(): Promise<void> {
  await existing<Tracing>("tracing")?.stop();
}

interface Traceable {
  origin?: Origin | undefined;
}

/** Work that is a span of its request's trace, with its result's word as its outcome. */
export function traced<Item, Result>(
  order: Pick<SpanOrder, "name" | "kind">,
  work: (item: Item) => Promise<Result>,
): (item: Item & Traceable) => Promise<Result> {
  return (item) => {
    const span = item.origin && startSpan({ ...order, parent: item.origin.traceparent });
    return span ? untilDone([span], work({ ...item, origin: follow(item, span) })) : work(item);
  };
}

/** Work on many requests at once: a span in the first one's trace, with links to the others. */
export function tracedTogether<Item extends Traceable, Result>(
  name: string,
  work: (items: Item[]) => Promise<Result>,
): (items: Item[]) => Promise<Result> {
  return (items) => {
    if (!existing("tracing")) return work(items);
    const sampled = items.flatMap(({ origin }) => origin?.traceparent ?? []).filter(isSampled);
    const [parent, ...links] = sampled;
    const facts = { "mini_compete.batch.size": items.length };
    const span = parent && startSpan({ name, parent, links, facts });
    return span ? untilDone([span], work(items)) : work(items);
  };
}

/** Work on many at once, of which each has a span of its own and goes on from there. */
export function tracedEach<Item extends Traceable, Result>(
  order: Pick<SpanOrder, "name" | "kind">,
  work: (items: Item[]) => Promise<Result>,
): (items: Item[]) => Promise<Result> {
  return (items) => {
    if (!existing("tracing")) return work(items);
    const spans: Span[] = [];
    const following = items.map((item) => {
      const span = item.origin && startSpan({ ...order, parent: item.origin.traceparent });
      if (!span) return item;
      spans.push(span);
      return { ...item, origin: follow(item, span) };
    });
    return untilDone(spans, work(following));
  };
}

function follow({ origin }: Traceable, { traceparent }: Span): Origin | undefined {
  return origin && { ...origin, traceparent };
}

function isSampled(traceparent: string): boolean {
  return (Number.parseInt(traceparent.slice(-2), 16) & 1) === 1;
}

async function untilDone<Result>(spans: Span[], work: Promise<Result>): Promise<Result> {
  try {
    const result = await work;
    for (const span of spans) span.end(outcomeOf(result));
    return result;
  } catch (error) {
    for (const span of spans) span.end({}, error instanceof Error ? error.name : "unknown");
    throw error;
  }
}

/** The domain's words are our own, so they may be recorded. */
function outcomeOf(result: unknown): Facts {
  if (typeof result !== "object" || result === null) return {};
  const word = "status" in result ? result.status : "result" in result ? result.result : undefined;
  return typeof word === "string" ? { "mini_compete.outcome": word } : {};
}

import type { Context } from "@opentelemetry/api";
import type { Sampler, SpanExporter } from "@opentelemetry/sdk-trace";
import { type Env, env } from "./env";
import { log } from "./log";
import type { Program } from "./program";
import { singleton } from "./singleton";
import type { SpanOrder, Tracing } from "./trace";

/** How long the last spans may take to leave when the process ends, milliseconds. */
const LAST_WORDS_MS = 2_000;
/** How long a collector may take to answer, milliseconds. */
const EXPORT_MS = 5_000;
/** How long spans are collected before they leave together, milliseconds. */
const COLLECTED_MS = 1_000;

/**
 * Sends traces to `OTEL_EXPORTER_OTLP_ENDPOINT`. Without it nothing is loaded. Spans are made by hand:
 * automatic instrumentation would reveal statements, keys and addresses.
 */
export async function startTracing({ service, version }: Program): Promise<void> {
  const settings = env();
  if (!settings.OTEL_EXPORTER_OTLP_ENDPOINT) return;
  const api = await import("@opentelemetry/api");
  const { TracerProvider, BatchSpanProcessor } = await import("@opentelemetry/sdk-trace");
  const { detectResources, envDetector, resourceFromAttributes } = await import(
    "@opentelemetry/resources"
  );
  const own = resourceFromAttributes({
    "service.name": `mini-compete-${service}`,
    "service.version": version,
    "process.pid": process.pid,
  });
  const exporter = saysOnce(await exporterOf(settings));
  const provider = new TracerProvider({
    sampler: await samplerOf(settings),
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        exportTimeoutMillis: EXPORT_MS,
        scheduledDelayMillis: COLLECTED_MS,
      }),
    ],
  });
  const tracer = provider.getTracer("mini-compete", version);

  function start({ name, kind, parent, links = [], facts }: SpanOrder) {
    const span = tracer.startSpan(
      name,
      {
        kind: api.SpanKind[KINDS[kind ?? "internal"]],
        attributes: facts,
        links: links.flatMap((link) => spanContextOf(link) ?? []).map((context) => ({ context })),
      },
      contextOf(parent),
    );
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
      end(more: SpanOrder["facts"] = {}, error?: string) {
        span.setAttributes(more);
        if (more["http.route"]) span.updateName(`${name} ${more["http.route"]}`);
        if (error) span.setAttribute("error.type", error);
        if (error) span.setStatus({ code: api.SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  function contextOf(parent: string | undefined): Context {
    const context = parent && spanContextOf(parent);
    if (!context) return api.ROOT_CONTEXT;
    return api.trace.setSpanContext(api.ROOT_CONTEXT, context);
  }

  singleton<Tracing>("tracing", () => ({
    start,
    async stop() {
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, LAST_WORDS_MS).unref();
      });
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  }));
  log.info("traces are on");
}

const KINDS = {
  internal: "INTERNAL",
  server: "SERVER",
  client: "CLIENT",
  producer: "PRODUCER",
  consumer: "CONSUMER",
} as const;

/** @param traceparent as W3C Trace Context writes it */
function spanContextOf(traceparent: string) {
  const [, traceId, spanId, flags = "00"] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
  if (!traceId || !spanId) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

async function exporterOf({ OTEL_EXPORTER_OTLP_PROTOCOL }: Env): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    OTEL_EXPORTER_OTLP_PROTOCOL === "http/json"
      ? await import("@opentelemetry/exporter-trace-otlp-http")
      : await import("@opentelemetry/exporter-trace-otlp-proto");
  // Address, headers and certificates are read from the standard variables.
  return new OTLPTraceExporter({ timeoutMillis: EXPORT_MS });
}

/** A collector that is away costs its spans and one line in the log. */
function saysOnce(exporter: SpanExporter): SpanExporter {
  let isAway = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const fails = result.code !== 0;
        if (fails && !isAway) log.warn("the collector takes no traces");
        if (!fails && isAway) log.info("the collector takes traces again");
        isAway = fails;
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

async function samplerOf(settings: Env): Promise<Sampler> {
  const { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio } = settings;
  const { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, TraceIdRatioBasedSampler } =
    await import("@opentelemetry/sdk-trace");
  const isRatio = name.endsWith("traceidratio");
  const root = isRatio
    ? new TraceIdRatioBasedSampler(ratio)
    : name.endsWith("off")
      ? new AlwaysOffSampler()
      : new AlwaysOnSampler();
  return name.startsWith("parentbased_") ? new ParentBasedSampler({ root }) : root;
}

import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from "prom-client";
import { singleton } from "./singleton";

/** Before every name, as Prometheus asks of applications. */
const PREFIX = "mini_compete_";

/** The process' metrics, with those of Node itself (memory, event loop lag, garbage collection). */
export function metrics(): Registry {
  return singleton("metrics", () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    return registry;
  });
}

type Named<C> = Omit<C, "registers">;

/** A number that only grows. One per name and process. */
export function counter<L extends string>(config: Named<CounterConfiguration<L>>): Counter<L> {
  return singleton(`metric ${config.name}`, () => new Counter(registered(config)));
}

/** A number that is measured when somebody asks (`collect`), or set. */
export function gauge<L extends string>(config: Named<GaugeConfiguration<L>>): Gauge<L> {
  return singleton(`metric ${config.name}`, () => new Gauge(registered(config)));
}

/** How a quantity, in seconds unless its name says otherwise, spreads. */
export function histogram<L extends string>(
  config: Named<HistogramConfiguration<L>>,
): Histogram<L> {
  return singleton(`metric ${config.name}`, () => new Histogram(registered(config)));
}

function registered<C extends { name: string }>(config: C): C & { registers: Registry[] } {
  return { ...config, name: `${PREFIX}${config.name}`, registers: [metrics()] };
}

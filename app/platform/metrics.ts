import {
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from "prom-client";
import { singleton } from "./singleton";

/** Before every name, as Prometheus asks of applications. */
const PREFIX = "mini_compete_";

/** The process' metrics. */
export function metrics(): Registry {
  return singleton("metrics", () => new Registry());
}

export type Named<C> = Omit<C, "registers">;

/** A number that only grows. One per name and process. */
export function counter<L extends string>(config: Named<CounterConfiguration<L>>): Counter<L> {
  return singleton(`metric ${config.name}`, () => new Counter(named(config)));
}

/** A number that is measured when somebody asks (`collect`), or set. */
export function gauge<L extends string>(config: Named<GaugeConfiguration<L>>): Gauge<L> {
  return singleton(`metric ${config.name}`, () => new Gauge(named(config)));
}

/** How a quantity, in seconds unless its name says otherwise, spreads. */
export function histogram<L extends string>(
  config: Named<HistogramConfiguration<L>>,
): Histogram<L> {
  return singleton(`metric ${config.name}`, () => new Histogram(named(config)));
}

/** The same with the prefix before the name, and its place in the process' registry. */
export function named<C extends { name: string }>(config: C): C & { registers: Registry[] } {
  return { ...config, name: `${PREFIX}${config.name}`, registers: [metrics()] };
}

import type { Job, JobsOptions } from "bullmq";
import * as z from "zod";
import type { Origin } from "~/platform/origin";

/**
 * Options that tell a job which request ordered its mail. They go where BullMQ keeps the context of
 * a trace, not into the data: a worker of an older release would take no job with more.
 */
export function carrying(origin: Origin | undefined): JobsOptions {
  return origin ? { telemetry: { metadata: JSON.stringify(origin) } } : {};
}

/** Which request ordered a job's mail. */
export function jobOrigin({ opts }: Pick<Job, "opts">): Origin | undefined {
  return schema.parse(opts?.telemetry?.metadata);
}

const schema = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.object({ requestId: z.string(), traceparent: z.string().optional() }))
  .optional()
  .catch(undefined);

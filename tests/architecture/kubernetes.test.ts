import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import * as z from "zod";
import { projectFolder } from "../../scripts/services/places.ts";
import {
  LONGEST_END_S,
  read,
  SETTINGS,
  secretsAmong,
  secretsOfOthers,
  VERSION,
} from "../support/deployment";

const rule = z.looseObject({ ports: z.array(z.object({ port: z.number() }).loose()).min(1) });
const policySpec = z.object({
  podSelector: z.object({ matchLabels: z.record(z.string(), z.string()).optional() }),
  policyTypes: z.array(z.enum(["Ingress", "Egress"])),
  ingress: z.array(rule.extend({ from: z.array(z.unknown()).min(1) })).default([]),
  egress: z.array(rule.extend({ to: z.array(z.unknown()).min(1) })).default([]),
});
const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  envFrom: z.array(z.record(z.string(), z.object({ name: z.string() }))),
});
const podTemplate = z.looseObject({
  metadata: z.object({ labels: z.object({ app: z.string() }) }).loose(),
  spec: z.looseObject({ containers: z.array(container).min(1) }),
});

describe("the Kubernetes manifests", () => {
  const kustomization = parse(read("deploy/kustomization.yaml"));
  const files = readdirSync(join(projectFolder, "deploy")).filter((file) => file.endsWith(".yaml"));
  const parts = z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.looseObject({ name: z.string() }),
    spec: z.any().optional(),
    data: z.record(z.string(), z.string()).optional(),
  });
  const objects = files
    .filter((file) => kustomization.resources.includes(file))
    .flatMap((file) => parseAllDocuments(read(`deploy/${file}`)))
    .map((document) => parts.parse(document.toJS()));
  const named = objects.map(
    (object) => [`${object.kind} ${object.metadata.name}`, object] as const,
  );
  const pods = objects
    .filter(({ spec }) => spec?.template !== undefined)
    .map(({ metadata, spec }) => [metadata.name, podTemplate.parse(spec.template)] as const);
  const policies = objects
    .filter(({ kind }) => kind === "NetworkPolicy")
    .map(({ spec }) => policySpec.parse(spec));
  const policiesOf = (app: string) =>
    policies.filter(({ podSelector: { matchLabels } }) => !matchLabels || matchLabels.app === app);
  const settings = objects.find(({ kind }) => kind === "ConfigMap")?.data ?? {};

  test("all files are part of it", () => {
    // Values for a chart of somebody else's.
    const others = ["kustomization.yaml", "queue-age.yaml"];
    expect([...kustomization.resources, ...others].sort()).toEqual(files.sort());
    expect(pods.map(([name]) => name).sort()).toEqual(["migrate", "web", "worker"]);
  });

  test.each(named)("%s is what Kubernetes takes", async (_name, object) => {
    const models = await import(
      /* @vite-ignore */ `kubernetes-models/${object.apiVersion}/${object.kind}`
    );
    expect(() => new models[object.kind](object).validate()).not.toThrow();
  });

  test("a value of the wrong kind is noticed", async () => {
    const { Deployment } = await import("kubernetes-models/apps/v1/Deployment");
    const spec = { replicas: "three", selector: {}, template: {} };
    expect(() => new Deployment({ spec } as never).validate()).toThrow(/replicas/);
  });

  test.each(pods)("%s may write nowhere, has no rights, and has limits", (_name, pod) => {
    expect(pod.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    for (const each of pod.spec.containers) {
      expect(each).toMatchObject({
        image: "mini-compete",
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        resources: {
          requests: { cpu: expect.any(String), memory: expect.any(String) },
          limits: {
            cpu: expect.any(String),
            memory: expect.any(String),
            "ephemeral-storage": expect.any(String),
          },
        },
      });
      expect(each).not.toHaveProperty("securityContext.capabilities.add");
    }
    expect(pod.spec).not.toHaveProperty("initContainers");
  });

  test("the image is that of this version", () => {
    expect(kustomization.images).toEqual([{ name: "mini-compete", newTag: VERSION }]);
  });

  test("everything is refused that no policy allows", () => {
    expect(policies).toContainEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [],
    });
  });

  test.each([
    ["web", [3000, 9092], [53, 4318, 5432, 6379]],
    ["worker", [9091], [53, 465, 587, 4318, 5432, 6379]],
    ["migrate", [], [53, 5432, 6379]],
  ])("%s is reached at %j only, and reaches %j only", (app, inward, outward) => {
    const portsOf = (rules: z.infer<typeof rule>[]) => {
      const ports = rules.flatMap((each) => each.ports.map(({ port }) => port));
      return [...new Set(ports)].sort((a, b) => a - b);
    };
    expect(portsOf(policiesOf(app).flatMap(({ ingress }) => ingress))).toEqual(inward);
    expect(portsOf(policiesOf(app).flatMap(({ egress }) => egress))).toEqual(outward);
  });

  test.each(pods)("%s has a policy of its own, and the secrets that it needs", (name, pod) => {
    const { app } = pod.metadata.labels;
    expect(policies.some(({ podSelector }) => podSelector.matchLabels?.app === app)).toBe(true);
    const generated: { name: string; envs: string[] }[] = kustomization.secretGenerator;
    const environment = pod.spec.containers
      .flatMap(({ envFrom }) => envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []))
      .flatMap((secret) => generated.find((each) => each.name === secret)?.envs ?? [])
      .map((file) => parseEnv(read(`deploy/${file.replace(/\.env$/, ".example.env")}`)));
    expect(environment.length).toBeGreaterThan(0);
    expect(secretsOfOthers(environment.flatMap(Object.keys), name)).toEqual([]);
  });

  test("settings exist, and secrets are none of them", () => {
    const examples = readdirSync(join(projectFolder, "deploy")).filter((file) =>
      file.endsWith(".env"),
    );
    const secret = examples.flatMap((file) => Object.entries(parseEnv(read(`deploy/${file}`))));
    const all = [...Object.keys(settings), ...secret.map(([name]) => name)];
    expect(all.filter((name) => !SETTINGS.has(name))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
    expect(secretsAmong(Object.keys(settings))).toEqual([]);
    expect(Object.fromEntries(secret).DATABASE_URL).toMatch(/\?sslmode=verify-full$/);
    expect(Object.fromEntries(secret).REDIS_URL).toMatch(/^rediss:/);
    // An example with a password in it would be somebody's password.
    for (const [, value] of secret) expect(value).not.toMatch(/:[^/@]+@/);
  });

  test("pods drain, are given the time for it, and refuse common passwords", () => {
    expect(settings).toMatchObject({ DRAIN_DELAY_S: "5", COMMON_PASSWORDS: "refuse" });
    for (const [name, { spec }] of pods.filter(([name]) => name !== "migrate")) {
      expect(Number(spec.terminationGracePeriodSeconds), name).toBeGreaterThan(5 + LONGEST_END_S);
      // It would come before SIGTERM, and the pod would be ready meanwhile.
      expect(spec.containers[0], name).not.toHaveProperty("lifecycle");
    }
  });

  test("the ingress names its class", () => {
    const ingress = objects.find(({ kind }) => kind === "Ingress");
    expect(ingress?.spec.ingressClassName).toEqual(expect.any(String));
  });
});

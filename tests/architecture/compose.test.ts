import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { LONGEST_END_S, read, SETTINGS, secretsOfOthers, VERSION } from "../support/deployment";

/** A tag that says which version, and not only that it is the latest of some. */
const PINNED = /^[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.-]+)?$/;

describe("docker-compose.yml", () => {
  const { services } = z
    .looseObject({ services: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(parse(read("docker-compose.yml"), { merge: true }));
  const names = Object.keys(services);
  const ours = ["migrate", "web", "worker"];
  const environmentOf = (name: string) =>
    z.record(z.string(), z.string()).parse(services[name]?.environment);

  test.each(names)("%s may write nowhere, has no rights, and has limits", (name) => {
    expect(services[name]).toMatchObject({
      image: expect.stringMatching(PINNED),
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      user: expect.stringMatching(/^(?!root$|0)\w+$/),
      mem_limit: expect.anything(),
      cpus: expect.anything(),
      pids_limit: expect.any(Number),
      logging: { options: { "max-size": expect.any(String), "max-file": expect.any(String) } },
    });
    expect(services[name]).not.toHaveProperty("cap_add");
    expect(services[name]).not.toHaveProperty("privileged");
  });

  test("lets others reach the web server only", () => {
    const open = Object.entries(services).flatMap(([name, { ports }]) => {
      const published = z.array(z.string()).default([]).parse(ports);
      return published.every((port) => port.startsWith("127.0.0.1:")) ? [] : [name];
    });
    expect(open).toEqual(["web"]);
  });

  test("has no password of its own, and refuses to start the servers without one", () => {
    expect(environmentOf("postgres").POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    expect(environmentOf("redis").REDISCLI_AUTH).toMatch(/^\$\{REDIS_PASSWORD:\?/);
    expect(String(services.redis?.command)).toContain('--requirepass "$$REDISCLI_AUTH"');
    const text = read("docker-compose.yml");
    expect(text).not.toMatch(/(PASSWORD|SECRET|TOKEN)(_PREVIOUS)?:-[^}]/);
    // A variable beside the @ of a URL would need encoding.
    expect(text).not.toMatch(/:\/\/\S*\$\S*@/);
  });

  test.each(ours)("%s gets settings that exist, and the secrets that it needs", (name) => {
    const environment = environmentOf(name);
    expect(Object.keys(environment).filter((each) => !SETTINGS.has(each))).toEqual([]);
    expect(secretsOfOthers(Object.keys(environment), name)).toEqual([]);
    expect(services[name]?.image).toBe(`mini-compete:${VERSION}`);
  });

  test("every setting of .env reaches a program, but for those that the containers' network decides", () => {
    const decided =
      /^(NODE_ENV|HOST|PORT|DATABASE_URL|PG\w+|REDIS_(?!PASSWORD)\w+|(METRICS|WORKER)_(HOST|PORT))$/;
    const reaches = (name: string) =>
      ours.some((program) => environmentOf(program)[name]?.startsWith(`\${${name}:-`));
    expect([...SETTINGS].filter((name) => !decided.test(name) && !reaches(name))).toEqual([]);
  });

  test.each(["web", "worker"])("%s drains, and is given the time for it", (name) => {
    expect(environmentOf(name).DRAIN_DELAY_S).toMatch(/^\$\{DRAIN_DELAY_S:-5\}$/);
    const grace = Number.parseInt(String(services[name]?.stop_grace_period), 10);
    expect(grace).toBeGreaterThan(5 + LONGEST_END_S);
  });

  test("refuses common passwords", () => {
    expect(environmentOf("web").COMMON_PASSWORDS).toMatch(/^\$\{COMMON_PASSWORDS:-refuse\}$/);
  });
});

describe("the Dockerfile", () => {
  test("starts from one version, and runs as nobody special", () => {
    const text = read("Dockerfile");
    const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image = ""]) => image);
    const outside = bases.filter((image) => image !== "base");
    expect(outside.length).toBeGreaterThan(0);
    for (const image of outside) expect(image).toMatch(PINNED);
    expect([...text.matchAll(/^USER (\S+)/gm)].map(([, user]) => user)).toEqual(["node"]);
    expect(read(".dockerignore")).toMatch(/^deploy$/m);
  });
});

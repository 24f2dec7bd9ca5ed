/** What V8 writes with `--cpu-prof`, as far as it is read here. */
export interface CpuProfile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string };
    children?: number[];
  }[];
  samples: number[];
  timeDeltas: number[];
}

interface Frame {
  name: string;
  owner: string;
  micros: number;
  callees: Map<string, Frame>;
}

const WIDTH = 1200;
const ROW = 17;
const TOP = 54;
/** Narrower frames are left out, pixels. */
const NARROWEST = 1.2;
const CHARACTER = 6.4;

/** By whose code a frame is, first match wins. */
const OWNERS: [name: string, hue: number, pattern: RegExp][] = [
  ["application", 150, /\/(build|\.cache\/bench)\/[\w-]+\.js$/],
  ["database", 25, /node_modules\/(@mikro-orm|kysely|pg|pg-[\w-]+|ioredis|redis-[\w-]+)\//],
  ["Remix and React", 215, /node_modules\/(@remix-run|react[\w-]*|turbo-stream|scheduler)\//],
  ["packages", 285, /node_modules/],
  ["Node", 55, /^node:/],
  ["V8 and system", 0, /^$/],
];

/** Draws a profile as a flame graph: width is time at work; start-up is left out. */
export function flameGraph(profile: CpuProfile, title: string): string {
  const root = merge(profile);
  const boxes: string[] = [];
  const height = TOP + draw(root, { x: 0, depth: 0, root, boxes }) * ROW + 8;
  const caption = escaped(title);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${caption}</title>
<style>${STYLE}</style>
<rect class="ground" width="${WIDTH}" height="${height}"/>
<text x="4" y="18" class="caption">${caption}</text>
${legend()}
${boxes.join("\n")}
</svg>
`;
}

function merge({ nodes, samples, timeDeltas }: CpuProfile): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((to) => [to, id])));
  const root = frameOf("all", "");
  for (const [index, id] of samples.entries()) {
    const stack = [];
    for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) {
      const { functionName, url } = byId.get(at)?.callFrame ?? { functionName: "", url: "" };
      // Inside a package only the way in says something: React alone would fill a hundred rows.
      if (stack[0] && packageOf(stack[0].url) === packageOf(url)) stack.shift();
      if (functionName !== "(root)") stack.unshift({ functionName, url });
    }
    if (stack.some(({ functionName, url }) => isLeftOut(functionName, url))) continue;
    const micros = timeDeltas[index] ?? 0;
    let frame = root;
    frame.micros += micros;
    for (const { functionName, url } of stack) {
      const name = `${functionName || "(anonymous)"} ${shortened(url)}`.trim();
      const callee = frame.callees.get(name) ?? frameOf(name, url);
      frame.callees.set(name, callee);
      callee.micros += micros;
      frame = callee;
    }
  }
  return root;
}

function isLeftOut(functionName: string, url: string): boolean {
  return functionName === "(idle)" || /^node:internal\/(modules|main|process\/esm)/.test(url);
}

/** A package's name, a file of Node's or of ours by itself, never the same for V8's own. */
function packageOf(url: string): string | symbol {
  const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return name ?? (url.startsWith("node:") ? url : Symbol());
}

function frameOf(name: string, url: string): Frame {
  const owner = OWNERS.find(([, , pattern]) => pattern.test(url))?.[0] ?? "V8 and system";
  return { name, owner, micros: 0, callees: new Map() };
}

/** The package and file, or the file below the project. */
function shortened(url: string): string {
  return url.replace(/^.*\/node_modules\//, "").replace(/^file:.*\/(\.cache\/bench|build)\//, "");
}

interface Place {
  x: number;
  depth: number;
  root: Frame;
  boxes: string[];
}

/** @returns how many rows it took */
function draw(frame: Frame, { x, depth, root, boxes }: Place): number {
  const width = (frame.micros / root.micros) * WIDTH;
  if (width < NARROWEST) return depth;
  boxes.push(box(frame, { x, y: TOP + depth * ROW, width, share: frame.micros / root.micros }));
  let from = x;
  let deepest = depth + 1;
  for (const callee of [...frame.callees.values()].sort((a, b) => b.micros - a.micros)) {
    deepest = Math.max(deepest, draw(callee, { x: from, depth: depth + 1, root, boxes }));
    from += (callee.micros / root.micros) * WIDTH;
  }
  return deepest;
}

function box(
  { name, owner }: Frame,
  { x, y, width, share }: { x: number; y: number; width: number; share: number },
): string {
  const room = Math.floor((width - 4) / CHARACTER);
  const label = room < 3 ? "" : name.length > room ? `${name.slice(0, room - 1)}…` : name;
  const text = label && `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>`;
  const size = `x="${x.toFixed(1)}" y="${y}" width="${(width - 0.4).toFixed(1)}" height="${ROW - 1}"`;
  const title = `<title>${escaped(name)}: ${(share * 100).toFixed(1)} %</title>`;
  return `<g>${title}<rect ${size} class="${className(owner)}"/>${text}</g>`;
}

function legend(): string {
  return OWNERS.map(([name], index) => {
    const x = 4 + index * 150;
    const mark = `<rect x="${x}" y="30" width="12" height="12" class="${className(name)}"/>`;
    return `${mark}<text x="${x + 18}" y="40">${name}</text>`;
  }).join("\n");
}

function className(owner: string): string {
  return `o${OWNERS.findIndex(([name]) => name === owner)}`;
}

const STYLE = `text{font:11px ui-monospace,monospace;fill:#1c1c1c}.caption{font-size:13px}
.ground{fill:#fff}${OWNERS.map(([, hue], index) => `.o${index}{fill:hsl(${hue} 55% 80%)}`).join("")}
@media(prefers-color-scheme:dark){text{fill:#eee}.ground{fill:#161616}
${OWNERS.map(([, hue], index) => `.o${index}{fill:hsl(${hue} 35% 30%)}`).join("")}}`;

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

// Runs in a thread of its own, as it stands: Node strips the types, in production too.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setPriority } from "node:os";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const { resolve } = createRequire(import.meta.url);
await initWasm(readFileSync(resolve("@resvg/resvg-wasm/index_bg.wasm")));
// Containers have no fonts.
const font = readFileSync(resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"));

// Linux gives each thread a priority of its own. Elsewhere this would slow down the whole process.
if (process.platform === "linux") setPriority(10);

/** Draws an SVG as a PNG of this width, in pixels. Its words are in DejaVu Sans Bold. */
export default function rasterise({ svg, width }: { svg: string; width: number }): Uint8Array {
  const picture = new Resvg(svg, {
    fitTo: { mode: "width", value: width },
    font: { fontBuffers: [font], loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
  });
  try {
    return picture.render().asPng();
  } finally {
    picture.free();
  }
}

/** A cover's size, in its own units. */
const WIDTH = 400;
const HEIGHT = 225;

/** Ground, its darker end, shapes, light, and a spark. */
type Palette = readonly [ground: string, deep: string, shape: string, light: string, spark: string];

const PALETTES: readonly Palette[] = [
  ["#0b6b4f", "#07463a", "#13936d", "#bfe8d6", "#ffd166"],
  ["#1f3a8a", "#172a63", "#3b62d6", "#c9d6ff", "#ffa36e"],
  ["#7a1f4b", "#561338", "#b3376f", "#ffd0e4", "#ffc24d"],
  ["#9a3f12", "#6f2a10", "#d0631f", "#ffdcc2", "#ffe08a"],
  ["#45268a", "#2f1a63", "#7048c4", "#dccfff", "#ff8fb1"],
  ["#0c5a6b", "#083d4c", "#17879f", "#c4ecf5", "#ffcf5c"],
  ["#4f5a12", "#363f0c", "#7f8f20", "#eef0bf", "#ff9e6b"],
  ["#272c38", "#191d26", "#475267", "#d5dbe8", "#7fd1b9"],
];

/** Throws the next whole number from 0 up to, but not including, `below`. */
type Dice = (below: number) => number;
type Motif = (palette: Palette, dice: Dice) => string;

const MOTIFS: readonly Motif[] = [rings, towers, waves, dots, peaks, arches, rays, hills];

/**
 * Draws a competition's cover from its id alone, so that it is always the same: one of eight palettes
 * and eight motifs, each with its own chances. An SVG document of less than 1 kB.
 */
export function drawCover(id: string): string {
  const dice = diceOf(id);
  const palette = PALETTES[dice(PALETTES.length)] ?? PALETTES[0];
  const motif = MOTIFS[dice(MOTIFS.length)] ?? rings;
  if (!palette) return "";
  const [ground, deep] = palette;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMidYMid slice"><linearGradient id="g" x2="1" y2="1"><stop stop-color="${ground}"/><stop offset="1" stop-color="${deep}"/></linearGradient><path fill="url(#g)" d="M0 0h${WIDTH}v${HEIGHT}H0z"/>${motif(palette, dice)}</svg>`;
}

/** Dice with the same throws for the same text, and others for another text: FNV-1a, then a mixer. */
function diceOf(text: string): Dice {
  let state = 0x811c9dc5;
  for (const letter of text) {
    state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 4) % below;
  };
}

function rings([, , shape, light, spark]: Palette, dice: Dice): string {
  const [x, y] = [90 + dice(220), 40 + dice(150)];
  const circles = (from: number) =>
    [0, 1, 2, 3].map((n) => `<circle cx="${x}" cy="${y}" r="${from + n * 68}"/>`).join("");
  return `<g fill="none"><g stroke="${shape}" stroke-width="17">${circles(44)}</g><g stroke="${light}" stroke-width="3" opacity=".35">${circles(78)}</g></g><circle cx="${x}" cy="${y}" r="15" fill="${spark}"/>`;
}

function towers([, , shape, light, spark]: Palette, dice: Dice): string {
  const heights = Array.from({ length: 9 }, () => 50 + dice(140));
  const bright = dice(9);
  const lines = (wanted: (n: number) => boolean) =>
    heights.map((h, n) => (wanted(n) ? `M${n * 46 + 16} 250V${HEIGHT - h}` : "")).join("");
  return `<g stroke-width="32" stroke-linecap="round"><path stroke="${shape}" d="${lines((n) => n % 3 !== 1)}"/><path stroke="${light}" opacity=".45" d="${lines((n) => n % 3 === 1)}"/><path stroke="${spark}" d="${lines((n) => n === bright)}"/></g>`;
}

function waves([, , shape, light, spark]: Palette, dice: Dice): string {
  const line = (n: number) => {
    const high = 22 + dice(30);
    return `M-${20 + dice(90)} ${24 + n * 40}q55-${high} 110 0t110 0 110 0 110 0 110 0`;
  };
  return `<g fill="none" stroke-linecap="round"><path stroke="${shape}" stroke-width="15" d="${line(0)}${line(2)}${line(4)}"/><path stroke="${light}" stroke-width="3" opacity=".5" d="${line(1)}${line(3)}"/></g><circle cx="${80 + dice(240)}" cy="${30 + dice(60)}" r="17" fill="${spark}"/>`;
}

function dots([, , shape, light, spark]: Palette, dice: Dice): string {
  const sizes: [string, string, string] = ["", "", ""];
  for (let n = 0; n < 40; n++) {
    const size = dice(9);
    sizes[size < 5 ? 0 : size < 8 ? 1 : 2] +=
      `M${(n % 8) * 50 + 25} ${Math.floor(n / 8) * 45 + 22}h0`;
  }
  return `<g stroke-linecap="round"><path stroke="${shape}" stroke-width="32" d="${sizes[0]}"/><path stroke="${light}" opacity=".55" stroke-width="17" d="${sizes[1]}"/><path stroke="${spark}" stroke-width="24" d="${sizes[2]}"/></g>`;
}

function peaks([, , shape, light, spark]: Palette, dice: Dice): string {
  const peak = (x: number, y: number) => `M${x} ${y}l190 ${((HEIGHT - y) * 1.1) | 0}h-380z`;
  const row = (from: number, high: number) =>
    [0, 1, 2].map((n) => peak(from + n * 160 + dice(60), high + dice(50))).join("");
  return `<circle cx="${60 + dice(280)}" cy="${45 + dice(40)}" r="26" fill="${spark}"/><path fill="${light}" opacity=".3" d="${row(-20, 45)}"/><path fill="${shape}" d="${row(-60, 100)}"/>`;
}

function arches([, , shape, light, spark]: Palette, dice: Dice): string {
  const layers: [string, string, string] = ["", "", ""];
  const corners = [
    "h75a75 75 0 0 1-75 75z",
    "h75v75a75 75 0 0 1-75-75z",
    "v75h75a75 75 0 0 0-75-75z",
  ];
  for (let n = 0; n < 18; n++) {
    const colour = dice(8);
    if (colour === 7) continue;
    const at = `M${(n % 6) * 75 - 25} ${Math.floor(n / 6) * 75}`;
    layers[colour < 4 ? 0 : colour < 6 ? 1 : 2] += at + corners[dice(3)];
  }
  return `<path fill="${shape}" d="${layers[0]}"/><path fill="${light}" opacity=".4" d="${layers[1]}"/><path fill="${spark}" d="${layers[2]}"/>`;
}

function rays([, , shape, light, spark]: Palette, dice: Dice): string {
  const [x, y, turn] = [120 + dice(160), 60 + dice(130), dice(30)];
  const ray = (degrees: number, width: number) => {
    const to = (angle: number) => {
      const radians = (angle * Math.PI) / 180;
      return `L${Math.round(x + 420 * Math.cos(radians))} ${Math.round(y + 420 * Math.sin(radians))}`;
    };
    return `M${x} ${y}${to(degrees)}${to(degrees + width)}`;
  };
  const all = (from: number, width: number) =>
    Array.from({ length: 9 }, (_, n) => ray(turn + from + n * 40, width)).join("");
  return `<path fill="${shape}" d="${all(0, 20)}"/><path fill="${light}" opacity=".25" d="${all(28, 4)}"/><circle cx="${x}" cy="${y}" r="${26 + dice(16)}" fill="${spark}"/>`;
}

function hills([, , shape, light, spark]: Palette, dice: Dice): string {
  const hill = (y: number) => {
    const [a, b] = [40 + dice(70), 40 + dice(70)];
    return `M0 ${y}C90 ${y - a} 160 ${y + b} 240 ${y}S340 ${y - b} 400 ${y - 20}V225H0z`;
  };
  return `<circle cx="${80 + dice(240)}" cy="${50 + dice(30)}" r="${24 + dice(14)}" fill="${spark}"/><path fill="${light}" opacity=".3" d="${hill(105)}"/><path fill="${shape}" opacity=".75" d="${hill(145)}"/><path fill="${shape}" d="${hill(190)}"/>`;
}

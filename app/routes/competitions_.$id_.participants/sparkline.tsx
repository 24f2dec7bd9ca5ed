interface Point {
  at: Date;
  total: number;
}

const WIDTH = 300;
const HEIGHT = 60;

/**
 * A count that grows over time, as a line. What it shows stands in words beside it; the picture is
 * named for those who cannot see it.
 */
export function Sparkline({ points, label, max }: { points: Point[]; label: string; max: number }) {
  if (points.length < 2) return null;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className="h-16 w-full overflow-visible"
    >
      <line
        x1="0"
        x2={WIDTH}
        y1={HEIGHT}
        y2={HEIGHT}
        className="stroke-line"
        vectorEffect="non-scaling-stroke"
      />
      <path d={`${stairs(points, max)} V${HEIGHT} H0 Z`} className="fill-accent-soft" />
      <path
        d={stairs(points, max)}
        className="fill-none stroke-accent"
        strokeWidth="2"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** A total holds until the next one: steps, not slopes. */
function stairs(points: Point[], max: number): string {
  const times = points.map((point) => point.at.getTime());
  const first = Math.min(...times);
  const span = Math.max(...times) - first || 1;
  const x = (time: number) => (((time - first) / span) * WIDTH).toFixed(1);
  const y = (total: number) => (HEIGHT - (total / Math.max(max, 1)) * (HEIGHT - 2)).toFixed(1);
  return points
    .map((point, index) => {
      const [left, top] = [x(times[index] ?? first), y(point.total)];
      return index === 0 ? `M0 ${top}` : `H${left} V${top}`;
    })
    .join(" ");
}

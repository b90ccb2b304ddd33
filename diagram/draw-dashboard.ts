import { createHash } from "node:crypto";

/** As much of a CloudWatch dashboard's widget as a picture needs. */
export interface DrawnWidget {
  readonly type: "metric" | "text" | "alarm";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A dashboard's units, in pixels. */
const [UNIT_WIDTH, UNIT_HEIGHT] = [50, 42];
const GAP = 4;
const COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f"];
const POINTS = 36;
const CAPTION = "The values are invented; places, sizes and names are the dashboard's.";

interface Series {
  readonly label: string;
  /** 0 to 1, from the bottom of the panel. */
  readonly values: readonly number[];
}

/** An SVG picture of what CloudWatch makes of the dashboard, with invented values. */
export function drawDashboard(widgets: readonly DrawnWidget[]): string {
  const bottom = Math.max(0, ...widgets.map(({ y, height }) => y + height));
  const [width, height] = [24 * UNIT_WIDTH, bottom * UNIT_HEIGHT + 24];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" role="img">`,
    `<title>${escapeXml(CAPTION)}</title>`,
    `<rect width="${width}" height="${height}" fill="#f2f3f3"/>`,
    ...widgets.map(drawWidget),
    text(width / 2, height - 8, 11, CAPTION, 'text-anchor="middle" fill="#687078"'),
    "</svg>\n",
  ].join("\n");
}

function drawWidget(widget: DrawnWidget): string {
  const [left, top] = [widget.x * UNIT_WIDTH + GAP, widget.y * UNIT_HEIGHT + GAP];
  const [width, height] = [widget.width * UNIT_WIDTH - 2 * GAP, widget.height * UNIT_HEIGHT - 2 * GAP];
  const title = String(widget.properties.title ?? "");
  const inside =
    widget.type === "text"
      ? drawText(String(widget.properties.markdown), width)
      : widget.type === "alarm"
        ? [text(12, 20, 13, title, 'font-weight="bold"'), text(12, 44, 12, "none", 'fill="#687078"')]
        : [text(12, 20, 13, shorten(title, width - 24, 7), 'font-weight="bold"'), ...drawGraph(widget, width, height)];
  const fill = widget.type === "text" ? "none" : "#ffffff";
  return `<g transform="translate(${left} ${top})"><rect width="${width}" height="${height}" rx="3" fill="${fill}"/>${inside.join("")}</g>`;
}

function drawText(markdown: string, width: number): string[] {
  return markdown
    .split("\n")
    .map((line, at) =>
      line.startsWith("## ")
        ? text(12, 26, 18, line.slice(3), 'font-weight="bold"')
        : text(12, 26 + at * 26, 13, shorten(line.replaceAll("`", ""), width - 24, 6.6), ""),
    );
}

function drawGraph({ properties }: DrawnWidget, width: number, height: number): string[] {
  const [left, top, right, bottom] = [44, 42, width - 16, height - 34];
  const axis = (properties.yAxis as { left?: { min?: number; max?: number; label?: string } } | undefined)?.left;
  const series = toSeries(properties.metrics as Line[], axis?.max === 1);
  const place = (value: number, at: number) =>
    `${round(left + (at / (POINTS - 1)) * (right - left))},${round(bottom - value * (bottom - top))}`;
  return [
    ...[0, 0.5, 1].map((value) => {
      const y = round(bottom - value * (bottom - top));
      return `<line x1="${left}" x2="${right}" y1="${y}" y2="${y}" stroke="#e1e4e8"/>`;
    }),
    ...(axis?.max === undefined
      ? []
      : [
          text(left - 6, top + 4, 10, String(axis.max), GREY),
          text(left - 6, bottom + 4, 10, String(axis.min ?? 0), GREY),
        ]),
    ...(axis?.label ? [text(left + 2, top - 3, 10, axis.label, 'fill="#687078"')] : []),
    ...series.map(
      ({ values }, at) =>
        `<polyline fill="none" stroke-width="1.4" stroke="${colour(at)}" points="${values.map(place).join(" ")}"/>`,
    ),
    ...drawLegend(series, width, height),
  ];
}

const GREY = 'text-anchor="end" fill="#687078"';

function drawLegend(series: readonly Series[], width: number, height: number): string[] {
  const share = (width - 24) / Math.max(1, series.length);
  return series.map(({ label }, at) => {
    const x = round(12 + at * share);
    const words = shorten(label, share - 18, 5.6);
    return `<rect x="${x}" y="${height - 20}" width="9" height="9" fill="${colour(at)}"/>${text(x + 13, height - 12, 10, words, "")}`;
  });
}

type Line = readonly (string | Readonly<Record<string, unknown>>)[];

function toSeries(lines: readonly Line[], isUpOrDown: boolean): Series[] {
  return lines.flatMap((line): Series[] => {
    const options = line.find((part): part is Readonly<Record<string, unknown>> => typeof part === "object") ?? {};
    if (options.visible === false) return [];
    const names = line.filter((part) => typeof part === "string");
    const label = String(options.label ?? `${names[1]} ${names.at(-1)}`);
    const isFound = String(options.expression ?? "").startsWith("SEARCH(");
    // What a search finds: both tunnels of the connection, by their outside address.
    const labels = isFound
      ? ["192.0.2.1", "192.0.2.2"].map((address) => label.replace(/\$\{[^}]*\}/, address))
      : [label];
    return labels.map((one) => ({ label: one, values: invent(`${names.join(" ")} ${one}`, isUpOrDown, one) }));
  });
}

function invent(seed: string, isUpOrDown: boolean, label: string): number[] {
  if (isUpOrDown) return Array(POINTS).fill(1);
  if (/failed|routes|received|sent/.test(label)) return Array(POINTS).fill(label.includes("failed") ? 0.01 : 0.6);
  const bytes = createHash("sha512").update(seed).digest();
  const base = 0.15 + ((bytes[0] as number) / 255) * 0.5;
  return Array.from({ length: POINTS }, (_, at) => {
    const noise = ((bytes[1 + at] as number) / 255 - 0.5) * 0.12;
    return Math.min(0.97, Math.max(0.03, base + noise + 0.1 * Math.sin(at / 6 + (bytes[60] as number))));
  });
}

function colour(at: number): string {
  return COLOURS[at % COLOURS.length] as string;
}

function text(x: number, y: number, size: number, words: string, more: string): string {
  return `<text x="${x}" y="${y}" font-size="${size}" ${more}>${escapeXml(words)}</text>`;
}

/** @param each mean width of a character, in pixels */
function shorten(words: string, width: number, each: number): string {
  const most = Math.max(1, Math.floor(width / each));
  return words.length <= most ? words : `${words.slice(0, most - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

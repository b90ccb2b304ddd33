import { XMLValidator } from "fast-xml-parser";
import { drawDashboard } from "../../diagram/draw-dashboard";

const PLACE = { x: 0, y: 0, width: 12, height: 5 };
const HOSTILE = `a<b>&"c"'d'</text><script>`;

test("a name may hold anything without becoming a part of the picture", () => {
  const svg = drawDashboard([
    { ...PLACE, type: "text", properties: { markdown: `## ${HOSTILE}\n${HOSTILE}` } },
    { ...PLACE, type: "alarm", properties: { title: HOSTILE } },
    {
      ...PLACE,
      type: "metric",
      properties: { title: HOSTILE, metrics: [["NS", HOSTILE, "Id", HOSTILE, { label: HOSTILE }]] },
    },
  ]);
  expect(XMLValidator.validate(svg)).toBe(true);
  expect(svg).not.toContain("<script>");
});

test("what is hidden is not drawn, and a search is two tunnels", () => {
  const metrics = [
    ["NS", "Bytes", { id: "m1", visible: false }],
    [{ expression: "RATE(m1)", label: "rate" }],
    [{ expression: "SEARCH('{AWS/VPN}', 'Sum', 300)", label: "${PROP('Dim.TunnelIpAddress')} in" }],
  ];
  const svg = drawDashboard([{ ...PLACE, type: "metric", properties: { title: "t", metrics } }]);
  expect(svg.match(/<polyline /g)).toHaveLength(3);
  expect([...svg.matchAll(/font-size="10" >([^<]+)</g)].map(([, label]) => label)).toEqual([
    "rate",
    "192.0.2.1 in",
    "192.0.2.2 in",
  ]);
});

test("an empty dashboard is a picture too", () => {
  expect(XMLValidator.validate(drawDashboard([]))).toBe(true);
});

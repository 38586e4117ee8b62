/* Pictures that the server draws: what pictures.py found, as one SVG without script.

   Observable Plot draws them, in QuickJS. All words are the server's, in the reader's language. */

import "./intl.js";
import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";
import { feature } from "topojson-client";
import atlas from "world-atlas/countries-110m.json";

const SVG = "http://www.w3.org/2000/svg";
const TEXT = 13; // the height of letters
const STEP = 21; // from line to line of title, legend and credit
const EDGE = 14;
const INSET = 40; // above and below the places of a map
const BESIDE = 72; // beside them, where their names stand
const SIGNS = { line: "┆", tick: "✓" };
const LINE = "var(--line)";
const SOFT = "var(--soft)";
const document = new DOMParser().parseFromString(`<svg xmlns="${SVG}"/>`, "image/svg+xml");
const land = feature(atlas, atlas.objects.countries);

/** What all marks of a picture have in common: a link, a name, a shape, a colour. */
const symbols = (r) => ({
  symbol: "shape",
  fill: (mark) => (mark.filled ? mark.colour : "var(--paper)"),
  stroke: "colour",
  strokeWidth: 1.8,
  r,
});
const linked = { href: "address", target: "_top", title: "title", ariaLabel: "title" };

/** One part of a picture, without the style sheet that Plot writes. */
function part(options) {
  const drawn = Plot.plot({
    document,
    color: { type: "identity" },
    symbol: { type: "identity" },
    ...options,
  });
  for (const style of drawn.querySelectorAll("style")) style.remove();
  for (const group of drawn.querySelectorAll("g")) group.removeAttribute("aria-label"); // in English
  for (const link of drawn.querySelectorAll("a")) {
    link.setAttribute("aria-label", link.firstChild.getAttribute("aria-label"));
    link.firstChild.removeAttribute("aria-label");
  }
  for (const name of ["class", "font-family", "font-size"]) drawn.removeAttribute(name);
  return drawn;
}

/** Lines with their names: at the left where there is room, else above each line. */
function rows({ above, lines, room }) {
  const place = above
    ? { frameAnchor: "left", textAnchor: "start", dx: 1 - EDGE, dy: -9, stroke: "var(--paper)", strokeWidth: 3 }
    : { frameAnchor: "left", textAnchor: "end", dx: -12 };
  const names = { y: "row", text: "label", fill: "currentColor", ...place };
  const [headings, others] = [true, false].map((is) => lines.filter(({ heading }) => heading === is));
  return {
    scale: { domain: lines.map(({ row }) => row), type: "band", axis: null, padding: 0.15 },
    left: above ? EDGE : room,
    down: above ? 9 : 0,
    marks: [
      Plot.ruleY(others, { y: "row", stroke: LINE, strokeDasharray: "1,4", dy: above ? 9 : 0 }),
      Plot.text(headings, { ...names, fontWeight: 700 }),
      Plot.text(others, names),
    ],
  };
}

/** Ticks of the axis of time, and how they are written: a year, or a month or day over the rest. */
function ticks({ months, narrow }, domain) {
  const days = (domain[1] - domain[0]) / 864e5;
  const most = narrow ? 4 : 9;
  const month = (day) => months[day.getUTCMonth()];
  if (days > 1500) return { ticks: most, tickFormat: (day) => String(day.getUTCFullYear()) };
  if (days > 100) return { ticks: most, tickFormat: (day) => `${month(day)}\n${day.getUTCFullYear()}` };
  const tickFormat = (day, index) => `${day.getUTCDate()} ${month(day)}${index ? "" : `\n${day.getUTCFullYear()}`}`;
  return { ticks: days <= most ? "day" : most, tickFormat };
}

/** Marks and bars over days, a row a thing. */
function time(picture) {
  const { marks, width, above, stated } = picture;
  const days = marks.map((mark) => ({ ...mark, first: new Date(mark.first), last: new Date(mark.last) }));
  const all = days.flatMap(({ first, last }) => [first, last]);
  const domain = [Math.min(...all), Math.max(...all)].map((day) => new Date(day));
  const { scale, left, down, marks: names } = rows(picture);
  const isBar = ({ shape, first, last }) => shape === "bar" && last - first > (domain[1] - domain[0]) / 90;
  const bars = days.filter(isBar);
  const others = days.filter((mark) => !isBar(mark)).map((mark) => (mark.shape === "bar" ? { ...mark, shape: "square" } : mark));
  const vague = others.filter(({ first, last }) => last - first > 864e5);
  const axis = ticks(picture, domain);
  return part({
    width,
    height: picture.height,
    marginLeft: left,
    marginRight: EDGE + 8,
    marginTop: picture.top,
    marginBottom: 12,
    x: { type: "utc", domain, axis: null, nice: false, insetLeft: 8, insetRight: 8 },
    y: scale,
    marks: [
      Plot.gridX({ stroke: LINE, strokeOpacity: 1, ticks: axis.ticks }),
      Plot.axisX({ anchor: "top", ...axis, tickSize: 0, label: null, fontSize: TEXT - 1, color: SOFT }),
      ...names,
      Plot.ruleX(stated.map((day) => new Date(day)), { stroke: "var(--mark)", strokeWidth: 2, strokeDasharray: "5,3" }),
      Plot.ruleY(vague, { x1: "first", x2: "last", y: "row", stroke: "colour", strokeWidth: 7, strokeOpacity: 0.28, strokeLinecap: "round", dy: down }),
      Plot.rect(bars, {
        x1: "first", x2: "last", y: "row", fill: "colour", fillOpacity: (mark) => (mark.filled ? 1 : 0.35), stroke: "colour", ...linked,
        insetLeft: 0.5, insetRight: 0.5, insetTop: above ? 22 : 2, insetBottom: above ? 4 : 2, rx: 2,
      }),
      Plot.dot(others, { x: (mark) => new Date((+mark.first + +mark.last) / 2), y: "row", ...symbols(5.5), ...linked, dy: down }),
    ],
  });
}

/** Marks in rows and columns: who was where, or one after another what sources say. */
function grid(picture) {
  const { marks, columns, width } = picture;
  const { scale, left, down, marks: names } = rows(picture);
  const headed = columns.some(({ label }) => label);
  return part({
    width,
    height: picture.height,
    marginLeft: left,
    marginRight: headed ? picture.top * 0.8 : EDGE,
    marginTop: picture.top,
    marginBottom: 12,
    x: { type: "point", domain: columns.map(({ column }) => column), axis: null, padding: 0.6 },
    y: scale,
    marks: [
      headed ? Plot.gridX({ stroke: LINE, strokeOpacity: 1 }) : null,
      headed ? Plot.text(columns, { x: "column", text: "label", frameAnchor: "top", textAnchor: "start", rotate: -48, dy: -8, dx: 2, fontSize: TEXT - 1, fill: "currentColor" }) : null,
      ...names,
      Plot.dot(marks, { x: "column", y: "row", ...symbols(5.5), ...linked, dy: down }),
    ],
  });
}

/** Places with marks as large as what took place there: one map a region, side by side if wide. */
function map(picture) {
  const { marks, regions, width, narrow, height } = picture;
  const across = narrow || regions.length === 1 ? width : width / regions.length;
  const down = narrow ? height / regions.length : height;
  const most = Math.max(...marks.map(({ size }) => size));
  return regions.map((_, index) => {
    const here = marks.filter(({ region }) => region === index);
    const corners = around(here);
    const [[west, south], , , [east, north]] = corners;
    const degrees = Math.max((east - west) / (across - 2 * BESIDE), (north - south) / (down - 2 * INSET)); // a unit
    const shown = part({
      width: across - 6,
      height: down - 6,
      margin: 0,
      projection: { type: "mercator", domain: { type: "MultiPoint", coordinates: corners }, inset: INSET, insetLeft: BESIDE, insetRight: BESIDE },
      r: { type: "sqrt", domain: [0, most], range: [0, 15] },
      marks: [
        Plot.geo(landNear(corners), { fill: "var(--land)", stroke: "var(--paper)" }),
        Plot.dot(here, { x: "longitude", y: "latitude", r: "size", fill: "var(--one)", fillOpacity: 0.75, stroke: "var(--paper)", ...linked }),
        ...here.map((mark) => name(mark, leftward(mark, here, degrees), 15 * Math.sqrt(mark.size / most) + 4)),
        Plot.frame({ stroke: LINE }),
      ],
    });
    shown.setAttribute("x", String(narrow ? 0 : index * across));
    shown.setAttribute("y", String(narrow ? index * down : 0));
    return shown;
  });
}

/** The corners of what holds all marks, at least ten degrees each way. */
function around(marks) {
  const span = (name) => {
    const numbers = marks.map((mark) => mark[name]);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    const more = Math.max(0, 10 - (most - least)) / 2;
    return [least - more, most + more];
  };
  const [[west, east], [south, north]] = [span("longitude"), span("latitude")];
  return [[west, south], [west, north], [east, south], [east, north]];
}

/** The countries of which something lies near, so that the others need not be projected. */
function landNear(corners) {
  const [[west, south], , , [east, north]] = corners;
  const more = 10 + Math.max(east - west, north - south) / 2;
  const isNear = ([x, y]) => x > west - more && x < east + more && y > south - more && y < north + more;
  const rings = ({ type, coordinates }) => (type === "Polygon" ? coordinates : coordinates.flat());
  return { ...land, features: land.features.filter(({ geometry }) => rings(geometry).some((ring) => ring.some(isNear))) };
}

/** The name of a place beside its mark. */
function name(mark, isLeft, away) {
  return Plot.text([mark], {
    x: "longitude", y: "latitude", text: "label", textAnchor: isLeft ? "end" : "start", dx: isLeft ? -away : away,
    fill: "currentColor", stroke: "var(--land)", strokeWidth: 3, paintOrder: "stroke",
  });
}

/** Whether a name has more room at the left of its mark: another stands close by, east of it. */
function leftward(mark, others, degrees) {
  const isInTheWay = ({ latitude, longitude }) =>
    longitude > mark.longitude && longitude - mark.longitude < 90 * degrees && Math.abs(latitude - mark.latitude) < STEP * 0.6 * degrees;
  return others.some(isInTheWay);
}

/** What shapes and colours mean, in columns. */
function legend({ keys, width, legend: columns }) {
  const cells = keys.map((key, index) => ({ ...key, column: index % columns, line: Math.floor(index / columns) }));
  const common = { x: "column", y: "line" };
  return part({
    width,
    height: Math.ceil(keys.length / columns) * STEP,
    margin: 0,
    x: { type: "linear", domain: [0, columns], axis: null, insetLeft: 9 },
    y: { type: "band", domain: [...new Set(cells.map(({ line }) => line))], axis: null, padding: 0.1 },
    marks: [
      Plot.dot(cells.filter(({ shape }) => !(shape in SIGNS) && shape !== "bar"), { ...common, ...symbols(5.5) }),
      Plot.dot(cells.filter(({ shape }) => shape === "bar"), { ...common, symbol: "square", r: 6, fill: "colour", stroke: "colour", fillOpacity: (key) => (key.filled ? 1 : 0.35) }),
      Plot.text(cells.filter(({ shape }) => shape in SIGNS), { ...common, text: ({ shape }) => SIGNS[shape], fill: "colour", fontWeight: 700 }),
      Plot.text(cells, { ...common, text: "label", textAnchor: "start", dx: 13, fill: "currentColor" }),
    ],
  });
}

/** A line of words. */
function words(text, width, options) {
  return part({
    width,
    height: STEP,
    margin: 0,
    marks: [Plot.text([text], { frameAnchor: "left", textAnchor: "start", fill: "currentColor", fontSize: TEXT, ...options })],
  });
}

/** The parts of a picture one below the other, as the text of an SVG. */
globalThis.draw = (json) => {
  const picture = JSON.parse(json);
  const { width, title, description, credit, style, keys } = picture;
  const outer = document.createElementNS(SVG, "svg");
  let height = 0;
  const put = (drawn, left = 0) => {
    drawn.setAttribute("x", String(left + Number(drawn.getAttribute("x") ?? 0)));
    drawn.setAttribute("y", String(height + Number(drawn.getAttribute("y") ?? 0)));
    outer.append(drawn);
  };
  const below = (drawn, left) => {
    put(drawn, left);
    height += Number(drawn.getAttribute("height"));
  };
  const named = document.createElementNS(SVG, "title");
  named.textContent = title;
  const more = document.createElementNS(SVG, "desc");
  more.textContent = description;
  const sheet = document.createElementNS(SVG, "style");
  sheet.textContent = style;
  outer.append(named, more, sheet);
  if (picture.framed) {
    height += 6;
    for (const line of picture.heading) below(words(line, width, { fontWeight: 700, fontSize: TEXT + 2 }), 1);
  }
  const body = { time, grid, map }[picture.kind](picture);
  for (const drawn of [body].flat()) put(drawn);
  height += picture.height + 4;
  if (keys.length) below(legend(picture), 2);
  if (picture.framed) below(words(credit, width, { fill: SOFT, fontSize: TEXT - 2 }), 1);
  const attributes = {
    xmlns: SVG, "xmlns:xlink": "http://www.w3.org/1999/xlink", class: "picture", lang: picture.language, width, height,
    viewBox: `0 0 ${width} ${height}`, role: "group", "font-size": TEXT,
  };
  for (const [key, value] of Object.entries(attributes)) outer.setAttribute(key, String(value));
  return outer.outerHTML;
};

/* Outlines of countries for the maps that the server draws: made once, when the package is built.

   Two sheets of Natural Earth's outlines, in whole units, by the numeric code of ISO 3166-1: the
   shores of the Pacific in Equal Earth, and the world in Mercator, whose places the server reckons.
   A country is a list of rings, its largest first. */

import { readFileSync, writeFileSync } from "node:fs";
import { geoArea, geoEqualEarth, geoMercator } from "d3-geo";
import { feature } from "topojson-client";
import { presimplify, simplify, sphericalTriangleArea } from "topojson-simplify";

const ATLAS = new URL("node_modules/world-atlas/countries-50m.json", import.meta.url);
const ANTARCTICA = "010";
const WEST = -30; // the world's sheet begins and ends in the middle of the Atlantic
const DEGREE = 16; // units of the world's sheet at the equator

const atlas = JSON.parse(readFileSync(ATLAS, "utf8"));
const weighed = presimplify(atlas, sphericalTriangleArea);
const known = atlas.objects.countries.geometries.filter(({ id }) => id !== ANTARCTICA);
const sizes = feature(atlas, { type: "GeometryCollection", geometries: known }).features.map(sizeOf);

/** What something covers, in steradians; a ring that has turned inside out is no hole in the world. */
function sizeOf(object) {
  const size = geoArea(object);
  return Math.min(size, 4 * Math.PI - size);
}

/** Countries without triangles too small to see where the country fills a map, in steradians.

    No border gapes: a line between two countries is drawn as the smaller of them asks for. */
function countries({ finest, coarsest }) {
  const least = weighed.arcs.map(() => Infinity);
  known.forEach(({ arcs }, index) => {
    const size = sizes[index];
    const own = Math.min(coarsest, Math.max(size / 700, Math.min(finest, size / 200)));
    for (const arc of arcs.flat(Infinity).map((arc) => (arc < 0 ? ~arc : arc))) {
      least[arc] = Math.min(least[arc], own);
    }
  });
  const arcs = weighed.arcs.map((arc, index) => arc.map(([x, y, weight]) => [x, y, weight / least[index]]));
  const geometries = { type: "GeometryCollection", geometries: known };
  return feature(simplify({ ...weighed, arcs }, 1), geometries).features;
}

/** The parts of a country that are worth drawing: the largest, and what is not lost beside it. */
function parts({ type, coordinates }, smallest) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  const measured = polygons.map((rings) => [sizeOf({ type: "Polygon", coordinates: rings }), rings]);
  const largest = Math.max(...measured.map(([size]) => size));
  const least = Math.max(Math.min(smallest, largest / 10), largest / 400);
  return measured.filter(([size]) => size >= least).map(([, rings]) => rings);
}

/** The rings of polygons on a sheet, in whole units, the largest first. */
function project(projection, polygons) {
  const rings = [];
  const stream = projection.stream({
    polygonStart() {},
    polygonEnd() {},
    lineStart: () => rings.push([]),
    lineEnd() {},
    point: (x, y) => rings.at(-1).push([Math.round(x), Math.round(y)]),
  });
  for (const polygon of polygons) {
    stream.polygonStart();
    for (const ring of polygon) {
      stream.lineStart();
      for (const [longitude, latitude] of ring.slice(1)) stream.point(longitude, latitude);
      stream.lineEnd();
    }
    stream.polygonEnd();
  }
  const drawn = rings.map(straighten).filter((ring) => ring.length > 2);
  return drawn.sort((one, other) => area(other) - area(one));
}

/** A ring without points that change nothing. */
function straighten(ring) {
  const turns = ([x, y], index, all) => {
    const [left, right] = [all.at(index - 1), all[(index + 1) % all.length]];
    return (x - left[0]) * (right[1] - left[1]) !== (y - left[1]) * (right[0] - left[0]);
  };
  const moves = ([x, y], index, all) => x !== all.at(index - 1)[0] || y !== all.at(index - 1)[1];
  return ring.filter(moves).filter(turns);
}

function area(ring) {
  const crossed = ring.map(([x, y], index) => ring.at(index - 1)[0] * y - x * ring.at(index - 1)[1]);
  return Math.abs(crossed.reduce((sum, part) => sum + part, 0)) / 2;
}

/** A ring as the data of an SVG path: whole numbers, each point from the one before. */
function path(ring) {
  const steps = ring.slice(1).flatMap(([x, y], index) => [x - ring[index][0], y - ring[index][1]]);
  return `M${ring[0].join(" ")}l${steps.join(" ").replaceAll(" -", "-")}z`;
}

/** Paths by code, of the countries of which something is on the sheet. */
function sheet(projection, detail) {
  const drawn = countries(detail).map(({ id, properties, geometry }) => {
    const rings = project(projection, parts(geometry, detail.smallest));
    return [id ?? properties.name, rings.map(path)];
  });
  return Object.fromEntries(drawn.filter(([, paths]) => paths.length));
}

const pacific = geoEqualEarth()
  .rotate([161, 0])
  .scale(270)
  .translate([472, 278])
  .clipExtent([[0, 0], [1000, 560]]);
const world = geoMercator()
  .rotate([-(WEST + 180), 0])
  .scale((DEGREE * 180) / Math.PI)
  .translate([180 * DEGREE, 0]);

const sheets = {
  pacific: { width: 1000, height: 560, outlines: sheet(pacific, { finest: 8e-5, coarsest: 8e-5, smallest: 1.5e-4 }) },
  world: { degree: DEGREE, west: WEST, outlines: sheet(world, { finest: 1e-5, coarsest: 6e-5, smallest: 5e-5 }) },
};
writeFileSync(process.argv[2], JSON.stringify(sheets));

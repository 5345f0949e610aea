// Pictures of what the benchmark measured: SVG without colours, which the classes of the site's pictures give it.
import { format } from '../benchmarks/statistics.js';

const WIDTH = 720;
const STEP = 52;

/**
 * Draws one row of the benchmark: a bar for each contender's median, and a line from its least to its most.
 *
 * @param contenders `[{ name, median, least, most, ratio }]`; a peer's `ratio` is ours to its
 * @param unit of the numbers
 * @returns SVG
 */
export function drawBars(contenders, unit) {
  const longest = Math.max(...contenders.map(({ most }) => most));
  const x = (value) => (longest > 0 ? round((Math.max(value, 0) / longest) * WIDTH) : 0);
  const bars = contenders.map(({ name, median, least, most, ratio }, i) => {
    const top = i * STEP + 22;
    const middle = top + 12;
    // The value stands first: a phone shows the left part.
    const value = `<tspan class="value">${quote(`${format(median)} ${unit}`)}</tspan>`;
    return [
      `<text x="0" y="${top - 7}">${value}<tspan dx="12">${quote(name)}${times(ratio)}</tspan></text>`,
      `<rect class="${sideOf(name)}" x="0" y="${top}" width="${x(median)}" height="24" rx="3"/>`,
      `<path class="line" d="M${x(least)} ${middle} H${x(most)}"/>`,
    ].join('');
  });
  const summary = contenders.map(({ name, median }) => `${name} ${format(median)} ${unit}`);
  return svg(contenders.length * STEP, summary.join(', '), bars);
}

const LEFT = 56;
const RIGHT = 16;
const PLOT = 240;
const FOOT = 44;
const LEGEND = 22;
/** Of the curves after the first one. */
const DASHES = ['6 4', '2 3', '10 3 2 3', '1 5'];

/**
 * Draws how a row grows: one curve for each contender over the values of the parameter.
 *
 * @param curves what `curvesOf` gives
 * @param parameter its name
 * @param unit of the numbers
 * @returns SVG
 */
export function drawCurves({ values, curves }, parameter, unit) {
  const scale = scaleOf(curves.flatMap(({ medians }) => medians).filter((one) => one !== null));
  const top = curves.length * LEGEND + 20;
  const between = (WIDTH - LEFT - RIGHT - 60) / Math.max(values.length - 1, 1);
  const x = (i) => round(LEFT + 30 + i * between);
  const y = (value) => round(top + PLOT * (1 - scale.at(value)));
  const grid = scale.ticks.map(
    (tick) =>
      `<path class="grid" d="M${LEFT} ${y(tick)} H${WIDTH - RIGHT}"/>` +
      `<text class="small" x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${format(tick)}</text>`,
  );
  const names = values.map(
    (value, i) =>
      `<text class="small" x="${x(i)}" y="${top + PLOT + 20}" text-anchor="middle">${quote(short(value))}</text>`,
  );
  const titles = [
    `<text class="small" x="${LEFT - 8}" y="${top - 10}" text-anchor="end">${quote(unit)}</text>`,
    `<text class="small" x="${WIDTH - RIGHT}" y="${top + PLOT + 38}" text-anchor="end">${quote(parameter)}</text>`,
  ];
  const lines = curves.map(({ name, medians }, i) => {
    const dashes = i === 0 ? '' : ` stroke-dasharray="${DASHES[(i - 1) % DASHES.length]}"`;
    const look = `class="curve ${sideOf(name)}"${dashes}`;
    const points = medians.flatMap((median, at) => (median === null ? [] : [[x(at), y(median)]]));
    const dots = points.map(
      ([cx, cy]) => `<circle class="${sideOf(name)}" cx="${cx}" cy="${cy}" r="4"/>`,
    );
    const key = 16 + i * LEGEND;
    return [
      `<path ${look} d="M0 ${key - 5} H34"/><text x="44" y="${key}">${quote(name)}</text>`,
      `<path ${look} d="${points.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${px} ${py}`).join(' ')}"/>`,
      ...dots,
    ].join('');
  });
  const label = `${curves.map(({ name }) => name).join(', ')} in ${unit}, by ${parameter}`;
  return svg(top + PLOT + FOOT, label, [...grid, ...names, ...titles, ...lines]);
}

/**
 * The curves of a row that was measured at several values of a parameter.
 *
 * @param points `[{ value, contenders }]`
 * @returns `{ values, curves: [{ name, medians }] }`; a median is `null` where the contender was skipped
 */
export function curvesOf(points) {
  const found = new Set(points.flatMap(({ contenders }) => contenders.map(({ name }) => name)));
  const medianOf = (name, contenders) =>
    contenders.find((contender) => contender.name === name)?.median ?? null;
  return {
    values: points.map(({ value }) => value),
    curves: [...found].map((name) => ({
      name,
      medians: points.map(({ contenders }) => medianOf(name, contenders)),
    })),
  };
}

/** From zero in equal steps; by powers of ten where the numbers are far apart, so that the small ones can be told apart. */
function scaleOf(numbers) {
  const least = Math.min(...numbers);
  const most = Math.max(...numbers);
  if (least > 0 && most / least > 20) {
    const low = Math.floor(Math.log10(least));
    const high = Math.ceil(Math.log10(most));
    const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
    return { ticks, at: (value) => (Math.log10(value) - low) / (high - low) };
  }
  const step = stepOf(Math.max(most, 0) - Math.min(least, 0));
  const low = Math.floor(Math.min(least, 0) / step);
  const high = Math.max(Math.ceil(most / step), low + 1);
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => (low + i) * step);
  return { ticks, at: (value) => (value / step - low) / (high - low) };
}

/** A round number, four or five of which make up the range. */
function stepOf(range) {
  if (range <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(range / 4));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => range / step <= 5);
}

/** The benchmark calls ours `multiproc`, or `multiproc` and what is special. */
function sideOf(name) {
  return name.startsWith('multiproc') ? 'ours' : 'peer';
}

function times(ratio) {
  return Number.isFinite(ratio) && ratio > 0 ? `, ${format(1 / ratio)} × ours` : '';
}

/** 1000 is read at a glance, 1000000 is not. */
function short(value) {
  if (typeof value !== 'number' || value < 10_000) return `${value}`;
  return value < 1_000_000 ? `${value / 1000} k` : `${value / 1_000_000} M`;
}

function svg(height, label, parts) {
  const box = `viewBox="0 0 ${WIDTH} ${height}"`;
  return `<svg ${box} role="img" aria-label="${quote(label)}">${parts.join('')}</svg>`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function quote(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

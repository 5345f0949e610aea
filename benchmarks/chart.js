import { format } from './statistics.js';

const WIDTH = 760;
const LABEL = 330;
const BAR = 18;
const GAP = 6;
const HEAD = 30;

const STYLE =
  '<style>text{font:13px system-ui,sans-serif;fill:#3c3c43}.title{font-weight:600}' +
  '.ours{fill:#2f6fde}.peer{fill:#9aa4b2}' +
  '@media(prefers-color-scheme:dark){text{fill:#dfdfd6}.peer{fill:#5b6472}}</style>';

const quote = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Draws the rows as bars on a logarithmic scale, shorter being faster.
 *
 * @param rows - what `measure` found
 * @returns an SVG document
 */
export function chart(rows) {
  const parts = [];
  let y = 0;
  for (const row of rows) {
    parts.push(`<text class="title" x="0" y="${y + 18}">${quote(row.title)}</text>`);
    y += HEAD;
    const least = Math.min(...row.contenders.map(({ median }) => median));
    const most = Math.max(...row.contenders.map(({ median }) => median));
    for (const [position, { name, median }] of row.contenders.entries()) {
      const share = most === least ? 1 : Math.log(median / least) / Math.log(most / least);
      const length = 40 + share * (WIDTH - LABEL - 150);
      parts.push(
        `<text x="${LABEL - 8}" y="${y + 14}" text-anchor="end">${quote(shorten(name))}</text>`,
        `<rect class="${position === 0 ? 'ours' : 'peer'}" x="${LABEL}" y="${y}" width="${length.toFixed(0)}" height="${BAR}" rx="3"/>`,
        `<text x="${(LABEL + length + 6).toFixed(0)}" y="${y + 14}">${format(median)} ${quote(row.unit)}</text>`,
      );
      y += BAR + GAP;
    }
    y += GAP * 2;
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" ` +
    `aria-label="Benchmark results, shorter is faster">${STYLE}${parts.join('')}</svg>\n`
  );
}

function shorten(name) {
  return name.length > 48 ? `${name.slice(0, 47)}…` : name;
}

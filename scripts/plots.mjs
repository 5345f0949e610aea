const WIDTH = 720;
const VALUES = 110;
const STEP = 52;

/**
 * Draws one row of the benchmark: a bar for each contender's median, and a line from its least to its most.
 *
 * @param contenders `[{ name, median, least, most }]`, ours first
 * @param unit of the numbers
 * @returns SVG, coloured by the classes of the site's pictures
 */
export function drawBars(contenders, unit) {
  const longest = Math.max(...contenders.map(({ most }) => most));
  const x = (value) => Math.round((value / longest) * (WIDTH - VALUES) * 10) / 10;
  const bars = contenders.map(({ name, median, least, most }, i) => {
    const top = i * STEP + 22;
    const middle = top + 12;
    return [
      `<text x="0" y="${top - 7}">${quote(name)}</text>`,
      `<rect class="${i === 0 ? 'ours' : 'peer'}" x="0" y="${top}" width="${x(median)}" height="24" rx="3"/>`,
      `<path class="line" d="M${x(least)} ${middle} H${x(most)}"/>`,
      `<text x="${x(most) + 8}" y="${middle + 5}">${format(median)} ${quote(unit)}</text>`,
    ].join('');
  });
  const summary = contenders.map(({ name, median }) => `${name} ${format(median)} ${unit}`);
  return (
    `<svg viewBox="0 0 ${WIDTH} ${contenders.length * STEP}" role="img" ` +
    `aria-label="${quote(summary.join(', '))}">${bars.join('')}</svg>`
  );
}

function format(value) {
  return value >= 100 ? `${Math.round(value)}` : value.toPrecision(2);
}

function quote(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

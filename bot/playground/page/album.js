/** Arranges an album's pictures in rows, as a mosaic without gaps. */

const NARROWEST = 0.6;
const WIDEST = 2.2;
/** Width over height that a mosaic should come near to. */
const MOSAIC_RATIO = 1.1;
const MOST_IN_ROW = 4;

const clamp = (ratio) => Math.min(Math.max(ratio, NARROWEST), WIDEST);

/**
 * The best way to break pictures into rows of equal width.
 *
 * @param {number[]} ratios width over height of each picture, in order; at most 10
 * @returns {number[][]} rows of clamped ratios; a row's height is width / sum of its ratios
 */
export function mosaic(ratios) {
  let best = null;
  for (const rows of splits(ratios.map(clamp))) {
    const cost = costOf(rows);
    if (!best || cost < best.cost) best = { cost, rows };
  }
  return best.rows;
}

function* splits(ratios) {
  if (ratios.length === 0) yield [];
  for (let count = 1; count <= Math.min(MOST_IN_ROW, ratios.length); count++) {
    for (const rest of splits(ratios.slice(count))) yield [ratios.slice(0, count), ...rest];
  }
}

/** Height over width of a whole mosaic. */
export const heightOf = (rows) => rowHeights(rows).reduce((sum, height) => sum + height);

const rowHeights = (rows) => rows.map((row) => 1 / row.reduce((sum, ratio) => sum + ratio));

/** How far the whole is from its wanted shape, and the rows from being equally high. */
function costOf(rows) {
  const heights = rowHeights(rows);
  const total = heightOf(rows);
  const mean = total / heights.length;
  const spread = heights.reduce((sum, height) => sum + Math.abs(Math.log(height / mean)), 0);
  return Math.abs(Math.log(total * MOSAIC_RATIO)) + spread / heights.length;
}

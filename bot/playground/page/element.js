/** DOM nodes in one call. Text goes in as text, never as markup. */

/**
 * @param {string} tag
 * @param {Object} attributes null and false are left out, functions become listeners,
 *   `style` may be an object of properties
 * @param {...(Node|string|null|false|Array)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else if (name === "style") setStyle(node, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child || child === 0));
  return node;
}

function setStyle(node, properties) {
  for (const [name, value] of Object.entries(properties)) node.style.setProperty(name, value);
}

const SVG = "http://www.w3.org/2000/svg";

/** A line drawing from icons.svg; decoration only, so name the button that holds it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A round button with an icon; `label` is its name and its tooltip. */
export function roundButton(name, label, click, attributes = {}) {
  const names = { class: "round", type: "button", "aria-label": label, title: label };
  return element("button", { ...names, click, ...attributes }, icon(name));
}

/** A colour for a person or group: 137 degrees apart, neighbouring ids differ most. */
export const hueOf = (id) => (Math.abs(id) * 137) % 360;

/** The round picture of a person (a letter), the group or the bot. */
export function avatar({ id, name, bot = false }) {
  const letter = bot ? "" : [...name][0];
  const style = { "--hue": hueOf(id) };
  return element(
    "span",
    { class: bot ? "avatar bot" : "avatar", style, "aria-hidden": "true" },
    letter,
  );
}

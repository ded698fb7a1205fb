/** A pop-up menu at a point or under a button, worked by mouse or arrow keys. */

import { element, icon } from "./element.js";

const EDGE_PX = 8;

/**
 * @param {Object[]} items `{label, icon, run, danger?, checked?}`
 * @param {{x?: number, y?: number, anchor?: HTMLElement}} place
 */
export function openMenu(items, place) {
  document.querySelector(".menu")?.hidePopover();
  const before = document.activeElement;
  const menu = element("div", {
    class: "menu",
    role: "menu",
    popover: "auto",
    "data-testid": "menu",
  });
  menu.append(...items.map((item) => menuItem(item, menu, before)));
  menu.addEventListener("keydown", (event) => moveFocus(event, menu));
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body)
      before?.focus();
    place.anchor?.setAttribute("aria-expanded", "false");
    menu.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  place.anchor?.setAttribute("aria-expanded", "true");
  position(menu, place);
  menu.firstElementChild.focus({ focusVisible: false });
}

function menuItem(item, menu, before) {
  const click = () => {
    menu.hidePopover();
    before?.focus({ preventScroll: true });
    item.run();
  };
  const radio = item.checked !== undefined;
  return element(
    "button",
    {
      type: "button",
      role: radio ? "menuitemradio" : "menuitem",
      "aria-checked": radio ? String(item.checked) : null,
      class: item.danger ? "danger" : "",
      tabindex: "-1",
      click,
    },
    icon(item.icon),
    item.label,
  );
}

function position(menu, { x, y, anchor }) {
  const { width, height } = menu.getBoundingClientRect();
  const under = anchor?.getBoundingClientRect();
  const left = under ? under.right - width : x;
  const top = under ? under.bottom + 4 : y;
  menu.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`;
  menu.style.top = `${Math.max(EDGE_PX, Math.min(top, innerHeight - height - EDGE_PX))}px`;
}

function moveFocus(event, menu) {
  const items = [...menu.children];
  const place = items.indexOf(document.activeElement);
  const to = {
    ArrowDown: (place + 1) % items.length,
    ArrowUp: (place - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items[to].focus();
}

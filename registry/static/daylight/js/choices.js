// A list to choose from that stands at a place in a field's text and moves nothing.
import { spot } from "./caret.js";

const make = (tag, more) => Object.assign(document.createElement(tag), more);

export function listAt(field, id, label) {
  const list = make("ul", { id, className: "plain", hidden: true, popover: "manual", role: "listbox", ariaLabel: label });
  const said = make("p", { className: "vh", role: "status" });
  field.after(list, said);
  let chosen = 0;

  const close = () => {
    if (!list.hidden) list.hidePopover?.();
    list.hidden = true;
    list.style.display = "";
    list.replaceChildren();
    said.textContent = "";
    field.removeAttribute("aria-activedescendant");
    field.removeAttribute("aria-controls");
  };
  const choose = (index) => {
    chosen = (index + list.children.length) % list.children.length;
    [...list.children].forEach((item, n) => {
      item.ariaSelected = String(n === chosen);
      item.className = n === chosen ? "button primary" : "button";
    });
    field.setAttribute("aria-activedescendant", list.children[chosen].id);
  };
  const show = (choices, at) => {
    close();
    list.append(...choices.map(({ text, take }, n) => {
      const item = make("li", { id: `${id}-${n}`, role: "option", textContent: text, take });
      item.style.justifyContent = "start";
      item.onmousedown = (event) => { event.preventDefault(); take(); };
      return item;
    }));
    choose(0);
    list.hidden = false;
    field.setAttribute("aria-controls", id);
    said.textContent = `${choices.length} to choose by arrow keys.`;
    if (!list.showPopover) return; // below the field, where there are no layers
    const look = { border: "var(--edge)", background: "var(--paper)", borderRadius: "3px" };
    Object.assign(list.style, { display: "grid", margin: "0", padding: "0", inset: "auto", ...look });
    list.showPopover();
    place(at);
  };
  const place = (at) => {
    if (list.hidden || at === undefined) return;
    const { left, top, line } = spot(field, at);
    const { offsetWidth: width, offsetHeight: height } = list;
    const end = visualViewport ? visualViewport.offsetTop + visualViewport.height : innerHeight;
    const below = top + line + 4;
    list.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
    list.style.top = `${below + height > end && top > height ? top - height - 4 : below}px`;
  };
  const step = (by) => choose(chosen + by);
  return { close, show, place, step, pick: () => list.children[chosen].take(), shown: () => !list.hidden };
}

// The offer to put back what this browser kept of a form.
import { css } from "./copy.js";

const make = (tag, more) => Object.assign(document.createElement(tag), more);
export const clock = (when) => new Date(when).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

// Marks of Markdown and addresses of links are not what a page shows of a text.
const letters = (text) => text.replace(/\]\([^)\s]*\)|[^\p{L}\p{N}]/gu, "").toLowerCase();

export function offer(form, copy) {
  const kept = copy.read();
  if (!kept) return;
  const longest = kept.fields.reduce((best, [, text]) => (text.length > best.length ? text : best), "").trim();
  const arrived = kept.sent && letters(longest) && letters(document.body.textContent).includes(letters(longest).slice(0, 60));
  const same = JSON.stringify(kept.fields) === JSON.stringify(copy.fields());
  if (arrived || same || kept.at <= Date.parse(form.dataset.savedAt)) return copy.drop();
  const said = kept.sent ? "You sent a text from here" : "This browser kept a text that was not saved";
  const box = make("div", { className: "notice" });
  const back = make("button", { type: "button", textContent: "Put it back" });
  const drop = make("button", { type: "button", textContent: "Forget it", className: "quiet" });
  back.onclick = () => { box.remove(); fill(form, kept.fields); };
  drop.onclick = () => { box.remove(); copy.drop(); };
  box.append(`${said} at ${clock(kept.at)}. `, back, drop);
  form.prepend(box);
}

function fill(form, fields) {
  for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = false;
  for (const [name, value] of fields) {
    const group = /^(.+)-\d+-/.exec(name)?.[1];
    const add = group && form.querySelector(`[data-rows="${css(group)}"] button[name=add]`);
    for (let tries = 0; add && !form.elements[name] && tries < 60; tries++) add.click();
    const found = [...form.querySelectorAll(`[name="${css(name)}"]`)];
    const choice = found.find((field) => /checkbox|radio/.test(field.type) && field.value === value);
    const option = found[0]?.multiple && [...found[0].options].find((one) => one.value === value);
    if (choice) choice.checked = true;
    else if (option) option.selected = true;
    else if (found[0] && found[0].type !== "file") found[0].value = value;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Typing @ offers people at the caret, those of the thread first; arrows choose, Enter or Tab takes, Escape closes.
// A field of many lines stays a text box: it may not be called a combobox, but it has what one has beside that.
const make = (tag, more) => Object.assign(document.createElement(tag), more);

for (const form of document.querySelectorAll("form[data-people]"))
  for (const field of form.querySelectorAll("textarea[name=body]")) offer(field, form.dataset.people);

function offer(field, address) {
  const list = make("ul", { id: `${field.form.id}-people`, className: "plain", hidden: true, popover: "manual" });
  const said = make("p", { className: "vh" });
  list.role = "listbox";
  list.ariaLabel = "People to mention";
  said.role = "status";
  field.after(list, said);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-haspopup", "listbox");
  let turn = 0, chosen = 0, timer;

  const before = () => /(?:^|[^\w/@.+-])@([\w-]{0,39})$/.exec(field.value.slice(0, field.selectionEnd))?.[1];
  const close = () => {
    turn++;
    clearTimeout(timer);
    if (!list.hidden) list.hidePopover?.();
    list.hidden = true;
    list.style.display = "";
    list.replaceChildren();
    said.textContent = "";
    field.removeAttribute("aria-activedescendant");
    field.removeAttribute("aria-controls");
  };
  const show = () => {
    list.hidden = false;
    field.setAttribute("aria-controls", list.id);
    if (!list.showPopover) return; // below the field, where there are no layers
    const look = { border: "var(--edge)", background: "var(--paper)", borderRadius: "3px" };
    Object.assign(list.style, { display: "grid", margin: "0", padding: "0", inset: "auto", ...look });
    list.showPopover();
    place();
  };
  const place = () => {
    const start = before();
    if (list.hidden || start === undefined) return;
    const { left, top, line } = caret(field, field.selectionEnd - start.length - 1);
    const { offsetWidth: width, offsetHeight: height } = list;
    const end = visualViewport ? visualViewport.offsetTop + visualViewport.height : innerHeight;
    const below = top + line + 4;
    list.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
    list.style.top = `${below + height > end && top > height ? top - height - 4 : below}px`;
  };
  const choose = (index) => {
    chosen = (index + list.children.length) % list.children.length;
    [...list.children].forEach((item, n) => {
      item.ariaSelected = String(n === chosen);
      item.className = n === chosen ? "button primary" : "button";
    });
    field.setAttribute("aria-activedescendant", list.children[chosen].id);
  };
  const take = (handle) => {
    const end = field.selectionEnd;
    field.setRangeText(`@${handle} `, end - before().length - 1, end, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  async function ask(start) {
    const mine = ++turn;
    const reply = await fetch(`${address}?${new URLSearchParams({ q: start })}`).catch(() => null);
    const { people } = reply?.ok ? await reply.json() : { people: [] };
    if (mine !== turn || before() !== start) return;
    if (!people.length || (people.length === 1 && people[0].handle === start)) return close();
    if (!list.hidden) list.hidePopover?.();
    list.replaceChildren(...people.map(({ handle, name }, n) => {
      const item = make("li", { id: `${list.id}-${n}`, role: "option", textContent: `${name} @${handle}` });
      item.style.justifyContent = "start";
      item.onmousedown = (event) => { event.preventDefault(); item.take(); };
      item.take = () => take(handle);
      return item;
    }));
    choose(0);
    show();
    said.textContent = `${people.length} to choose by arrow keys.`;
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    const start = before();
    if (start === undefined) return close();
    timer = setTimeout(ask, 150, start);
  });
  field.addEventListener("blur", close);
  for (const moved of ["scroll", "resize"]) addEventListener(moved, place, { capture: true, passive: true });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const pick = () => list.children[chosen].take();
    const act = {
      ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1), Escape: close, Enter: pick, Tab: pick,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

// Where a place in a field's text is on the screen: asked of a copy of the field that is never painted.
function caret(field, at) {
  const copy = make("div"), mark = make("span", { textContent: "@" }), look = getComputedStyle(field);
  for (const name of ["font", "letterSpacing", "padding", "borderWidth", "tabSize", "textIndent", "wordSpacing"])
    copy.style[name] = look[name];
  Object.assign(copy.style, {
    position: "fixed", top: "0", left: "0", visibility: "hidden", borderStyle: "solid", boxSizing: "border-box",
    width: `${field.clientWidth + field.clientLeft * 2}px`, whiteSpace: "pre-wrap", overflowWrap: "break-word",
  });
  copy.append(field.value.slice(0, at), mark);
  document.body.append(copy);
  const box = field.getBoundingClientRect();
  const left = box.left + field.clientLeft + mark.offsetLeft - field.scrollLeft;
  const top = box.top + field.clientTop + mark.offsetTop - field.scrollTop;
  const line = mark.offsetHeight;
  copy.remove();
  return { left, top, line };
}

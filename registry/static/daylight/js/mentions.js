// Typing @ offers people, those of the thread first; arrows choose, Enter or Tab takes, Escape closes.
const make = (tag, more) => Object.assign(document.createElement(tag), more);

for (const form of document.querySelectorAll("form[data-people]"))
  for (const field of form.querySelectorAll("textarea[name=body]")) offer(field, form.dataset.people);

function offer(field, address) {
  const list = make("ul", { id: `${field.form.id}-people`, className: "plain row", hidden: true });
  const said = make("p", { className: "vh" });
  list.role = "listbox";
  list.ariaLabel = "People to mention";
  said.role = "status";
  field.after(list, said);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  let turn = 0, chosen = 0, timer;

  const before = () => /(?:^|[^\w/@.+-])@([\w-]{0,39})$/.exec(field.value.slice(0, field.selectionEnd))?.[1];
  const close = () => {
    turn++;
    list.hidden = true;
    list.replaceChildren();
    said.textContent = "";
    field.removeAttribute("aria-activedescendant");
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
    list.replaceChildren(...people.map(({ handle, name }, n) => {
      const item = make("li", { id: `${list.id}-${n}`, role: "option", textContent: `${name} @${handle}` });
      item.onmousedown = (event) => { event.preventDefault(); item.take(); };
      item.take = () => take(handle);
      return item;
    }));
    list.hidden = false;
    said.textContent = `${people.length} to choose by arrow keys.`;
    choose(0);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    const start = before();
    if (start === undefined) return close();
    timer = setTimeout(ask, 150, start);
  });
  field.addEventListener("blur", close);
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

// Offers people after an @, those of the thread first; arrows choose, Enter or Tab takes, Escape closes.
// A field of many lines stays a text box: it may not be called a combobox, but it has what one has beside that.
import { listAt } from "./choices.js";

export function offer(field, address) {
  const list = listAt(field, `${field.form.id}-people`, "People to mention");
  let turn = 0, timer;

  const before = () => /(?:^|[^\w/@.+-])@([\w-]{0,39})$/.exec(field.value.slice(0, field.selectionEnd))?.[1];
  const begins = () => (before() === undefined ? undefined : field.selectionEnd - before().length - 1);
  const close = () => {
    turn++;
    clearTimeout(timer);
    list.close();
  };
  const take = (handle) => {
    field.setRangeText(`@${handle} `, begins(), field.selectionEnd, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  async function ask(start) {
    const mine = ++turn;
    const reply = await fetch(`${address}?${new URLSearchParams({ q: start })}`).catch(() => null);
    const { people } = reply?.ok ? await reply.json() : { people: [] };
    if (mine !== turn || before() !== start) return;
    if (!people.length || (people.length === 1 && people[0].handle === start)) return close();
    list.show(people.map(({ handle, name }) => ({ text: `${name} @${handle}`, take: () => take(handle) })), begins());
  }

  const look = () => {
    clearTimeout(timer);
    const start = before();
    if (start === undefined) return close();
    timer = setTimeout(ask, 150, start);
  };
  field.addEventListener("input", look);
  field.addEventListener("blur", close);
  for (const moved of ["scroll", "resize"])
    addEventListener(moved, () => list.place(begins()), { capture: true, passive: true });
  field.addEventListener("keydown", (event) => {
    if (!list.shown()) return;
    const act = {
      ArrowDown: () => list.step(1), ArrowUp: () => list.step(-1), Escape: close, Enter: list.pick, Tab: list.pick,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  if (field === document.activeElement) look(); // what was typed before this was loaded
}

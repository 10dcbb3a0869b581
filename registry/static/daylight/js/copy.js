// The copy of a form that this browser keeps while it is being filled in.
export const css = (name) => CSS.escape(name);

export function copyOf(form) {
  const key = `draft:${form.dataset.user || ""}:${location.pathname}:${form.id}`;
  // Only what a person types: tokens, versions and counters are the page's own, passwords nobody's to keep.
  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" &&
    !form.querySelector(`:is([type=hidden], [type=password])[name="${css(name)}"]`));
  const attempt = (act) => { try { return act(); } catch { return null; /* storage is off or full */ } };
  return {
    fields,
    read: () => attempt(() => JSON.parse(localStorage.getItem(key))),
    keep: (more) => attempt(() => localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: fields(), ...more }))),
    drop: () => attempt(() => localStorage.removeItem(key)),
  };
}

// Light or dark, as the reader chose. Loaded before the first paint, so it is short and not a module.
(() => {
  const root = document.documentElement;
  const read = () => { try { return localStorage.getItem("theme") || ""; } catch { return ""; } };
  const apply = (theme) => {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-set-theme]"))
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === theme));
  };
  apply(read());
  addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll(".themes")) box.hidden = false;
    apply(read());
  });
  addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-set-theme]");
    if (!button) {
      // A press outside closes an open menu.
      for (const menu of document.querySelectorAll("details.menu[open]"))
        if (!menu.contains(event.target)) menu.open = false;
      return;
    }
    try { localStorage.setItem("theme", button.dataset.setTheme); } catch { /* private mode keeps nothing */ }
    apply(button.dataset.setTheme);
  });
  addEventListener("storage", (event) => { if (event.key === "theme") apply(event.newValue || ""); });
})();

// Typing @ offers people: what does it is loaded for whoever begins to write, so that reading costs nothing.
for (const form of document.querySelectorAll("form[data-people]"))
  for (const field of form.querySelectorAll("textarea[name=body]")) {
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    const begin = () => import("./people.js").then(({ offer }) => offer(field, form.dataset.people), () => {
      field.addEventListener("focus", begin, { once: true }); // offline: once more when they come back
    });
    if (field === document.activeElement) begin();
    else field.addEventListener("focus", begin, { once: true });
  }

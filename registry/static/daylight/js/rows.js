// Adds a row to a group of repeated rows; without script the same button submits the form with name="add".
for (const group of document.querySelectorAll("[data-rows]")) {
  const prefix = group.dataset.rows;
  const template = group.querySelector("template");
  const total = group.closest("form")?.elements[`${prefix}-TOTAL_FORMS`];
  const body = group.querySelector("tbody, [data-rows-body]");
  const button = group.querySelector("button[name=add]");
  if (!template || !body || !button) continue;

  const names = [...template.content.querySelectorAll("[name]")].map((field) => field.name);
  const taken = (index) => names.some((name) => button.form?.elements[name.replace("__prefix__", index)]);
  const free = () => {
    let index = total ? Number(total.value) : body.children.length;
    while (taken(index)) index++;
    return index;
  };

  button.addEventListener("click", (event) => {
    event.preventDefault();
    const limit = Number(group.dataset.rowsMax || 200);
    if (body.children.length >= limit) return;
    const index = free();
    const row = template.content.cloneNode(true);
    for (const element of row.querySelectorAll("*"))
      for (const { name, value } of [...element.attributes])
        if (value.includes("__prefix__")) element.setAttribute(name, value.replaceAll("__prefix__", index));
    const first = row.querySelector("input:not([type=hidden]), select, textarea");
    body.append(row);
    if (total) total.value = index + 1;
    first?.focus();
  });
}

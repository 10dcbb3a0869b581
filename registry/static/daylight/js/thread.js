// A thread: folds are remembered, an address with #c-… opens what hides it, a selection can be quoted.
const open = (id) => {
  const target = id && document.getElementById(id);
  if (!target) {
    // A comment that was moved to another discussion is found by its lasting address.
    if (/^c-\d+$/.test(id) && document.querySelector("[data-thread]")) location.replace(`/c/${id.slice(2)}/`);
    return;
  }
  let hidden = false;
  for (let box = target.parentElement?.closest("details"); box; box = box.parentElement.closest("details"))
    if (!box.open) hidden = box.open = true;
  if (hidden) target.scrollIntoView();
};

for (const thread of document.querySelectorAll("[data-thread]")) {
  const key = `folds:${thread.dataset.thread}`;
  let folded = new Set();
  try { folded = new Set(JSON.parse(localStorage.getItem(key)) || []); } catch { /* nothing remembered */ }
  for (const id of folded) {
    const box = document.getElementById(id)?.querySelector(":scope > details");
    if (box) box.open = false;
  }
  // "toggle" does not bubble, so it is caught on the way down.
  thread.addEventListener("toggle", (event) => {
    const id = event.target.parentElement?.id;
    if (!id) return;
    if (event.target.open) folded.delete(id); else folded.add(id);
    try { localStorage.setItem(key, JSON.stringify([...folded].slice(-500))); } catch { /* full */ }
  }, true);
  thread.addEventListener("click", (event) => {
    const link = event.target.closest("a.q, a[data-quote]");
    if (link) quote(link, event);
  });
}

function quote(link, event) {
  const comment = link.closest(".comment");
  const prose = comment.querySelector(":scope > .prose");
  const picked = getSelection();
  const inside = picked && !picked.isCollapsed && prose.contains(picked.anchorNode) && prose.contains(picked.focusNode);
  const text = (inside ? picked.toString() : prose.innerText).trim();
  const lines = text.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n");
  const quoted = `${lines}\n\n`;
  const field = comment.querySelector(":scope > form.reply textarea");
  if (!field) {
    // The form stands on the page that the link opens; the words wait for it there.
    try { sessionStorage.setItem("quote", JSON.stringify({ id: comment.id, quoted })); } catch { /* link still works */ }
    return;
  }
  event.preventDefault();
  insert(field, quoted);
}

function insert(field, text) {
  if (!field.value.includes(text)) field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

try {
  const { id, quoted } = JSON.parse(sessionStorage.getItem("quote")) || {};
  const field = id && document.getElementById(id)?.querySelector(":scope > form.reply textarea");
  if (field) insert(field, quoted);
  sessionStorage.removeItem("quote");
} catch { /* no quotation waits */ }

addEventListener("hashchange", () => open(location.hash.slice(1)));
open(location.hash.slice(1));

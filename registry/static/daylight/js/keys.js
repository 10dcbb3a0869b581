// Keys lead from comment to comment: j next, k previous, p parent, n next new.
const comments = [...document.querySelectorAll("[data-thread] .comment")];
const fresh = comments.filter((it) => it.matches(".new"));
let at = null;

function go(comment) {
  if (!comment) return;
  for (let box = comment.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  const head = comment.querySelector(":scope > :is(.by, .prose)");
  head.tabIndex = -1;
  head.focus({ preventScroll: true });
  comment.scrollIntoView({ block: "start" });
  at = comment;
}

// Where the reader is: at the comment that has the focus, or else where the last key led.
const here = () => document.activeElement.closest(".comment") || at;
const follows = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
const next = (list) => (here() ? list.find((it) => follows(here(), it)) : list[0]);
const shown = () => comments.filter((it) => it.getClientRects().length);
const named = (comment) => comment?.querySelector(":scope > :is(.by, .do) a[href^='#c-']")?.hash.slice(1);
const moves = {
  j: () => next(shown()),
  k: () => here() && shown().findLast((it) => follows(it, here())),
  p: () => document.getElementById(named(here())),
  n: () => next(fresh) || fresh[0],
};

// It must be possible to turn single keys off (WCAG 2.1.4): speech input sends them by accident.
const line = document.querySelector("[data-keys]");
let off = false;
try { off = localStorage.getItem("keys") === "off"; } catch { /* nothing remembered */ }
if (line && comments.length && matchMedia("(any-hover: hover)").matches) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet" });
  const say = () => { button.textContent = off ? "Turn the keys on" : "Turn the keys off"; };
  button.onclick = () => {
    off = !off;
    try { localStorage.setItem("keys", off ? "off" : "on"); } catch { /* only for now */ }
    say();
  };
  say();
  line.append(" ", button);
  line.hidden = false;
}
addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select");
  if (off || busy || !Object.hasOwn(moves, event.key)) return;
  event.preventDefault();
  go(moves[event.key]());
});
document.querySelector("[data-next-new]")?.addEventListener("click", (event) => {
  event.preventDefault();
  go(moves.n());
});

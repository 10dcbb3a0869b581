// Selecting words of an entry, norm or run offers to discuss them; without script the form has a field for them.
const { discuss } = document.querySelector("script[data-discuss]").dataset;
const link = Object.assign(document.createElement("a"), { className: "button primary", textContent: "Discuss this passage", hidden: true });
link.dataset.passage = "";
document.querySelector("main").append(link);
const MOST = 600;
let timer;

// What is said in a selection: without the numbers of sources and the labels, which stand on the page and not in the text.
function said(range) {
  const copy = range.cloneContents();
  for (const mark of copy.querySelectorAll(".ref, .tag")) mark.remove();
  for (const block of copy.querySelectorAll("p, li, dt, dd, td, th, tr, h1, h2, h3, h4, div, summary, br, pre")) block.after(" ");
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function offer() {
  const picked = getSelection();
  const words = picked.isCollapsed ? "" : said(picked.getRangeAt(0));
  const main = document.getElementById("main");
  const outside = !main.contains(picked.anchorNode) || !main.contains(picked.focusNode);
  const typing = document.activeElement?.matches("input, textarea, select");
  // What others said about it is quoted where it stands.
  const elsewhere = picked.anchorNode?.parentElement?.closest("#discussion, [data-passage]");
  if (document.activeElement === link) return;
  link.hidden = outside || typing || !!elsewhere || words.length < 8 || words.length > MOST;
  if (link.hidden) return;
  link.href = `${discuss}&${new URLSearchParams({ passage: words })}`;
  const box = picked.getRangeAt(0).getBoundingClientRect();
  // Set by script, which the security policy allows, unlike an attribute.
  link.style.position = "absolute";
  link.style.top = `${box.bottom + scrollY + 8}px`;
  link.style.left = `${Math.max(8, Math.min(box.left + scrollX, innerWidth - 200))}px`;
  link.style.zIndex = 4;
}

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(offer, 250);
});

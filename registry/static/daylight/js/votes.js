// Votes without leaving the page. A button shows at once what was pressed; what stays is what the server answered.
const form = document.getElementById("v");
const VOTES = ":scope > button[name=vote], :scope > .tally";

document.querySelector(".thread")?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=vote]");
  if (!button || !form) return;
  event.preventDefault();
  const row = button.parentElement;
  if (row.ariaBusy !== "true") send(row, button);
});

async function send(row, button) {
  const before = button.getAttribute("aria-pressed");
  row.ariaBusy = "true";
  button.setAttribute("aria-pressed", before !== "true");
  let problem = "there is no connection";
  try {
    const body = new FormData(form);
    body.set("vote", button.value);
    const reply = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" } });
    const text = await reply.text();
    if (reply.ok && !reply.redirected) return replace(row, button, text);
    const said = reply.headers.get("Content-Type")?.startsWith("text/plain") ? text : `the site answered ${reply.status}`;
    problem = reply.redirected ? "sign in again" : said;
  } catch { /* said below */ } finally { row.ariaBusy = "false"; }
  if (before === null) button.removeAttribute("aria-pressed"); else button.setAttribute("aria-pressed", before);
  tell(row, `Not saved: ${problem}`);
}

function replace(row, button, html) {
  const side = button.value.split(" ")[1];
  const focused = document.activeElement === button;
  const first = row.querySelector(VOTES);
  const made = document.createRange().createContextualFragment(html);
  const tally = made.querySelector(".tally");
  // The tally stands first in the row, the buttons where they stood.
  const buttons = row.querySelectorAll(":scope > button[name=vote]");
  buttons[0].before(...made.querySelectorAll("button"));
  buttons.forEach((old) => old.remove());
  if (first?.matches(".tally")) first.remove();
  if (tally) row.prepend(tally, " ");
  const now = [...row.querySelectorAll(":scope > button[name=vote]")].find((b) => b.value.split(" ")[1] === side);
  if (focused) now.focus();
  tell(row, "");
}

function tell(row, words) {
  let said = row.querySelector(":scope > [role=status]");
  if (!said && words) {
    said = document.createElement("span");
    said.setAttribute("role", "status");
    row.append(said);
  }
  if (said) said.textContent = words;
}

// Keeps what is typed: in this browser at once, and (unless data-autosave="browser") after a rest on the server.
import { copyOf } from "./copy.js";
import { clock, offer } from "./restore.js";

const kept = "Kept in this browser. ";
for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);

function watch(form) {
  const copy = copyOf(form);
  const line = form.querySelector("[data-saved]");
  const version = form.elements.version;
  const local = form.dataset.autosave === "browser";
  let timer, busy, stopped, edits = 0, held = 0, wait = 5000;

  const say = (kind, ...what) => {
    if (!line) return;
    line.className = `saved ${kind}`;
    line.replaceChildren(...what);
  };
  const problem = (...what) => say("is-problem", ...what);
  const link = (textContent, href) => Object.assign(document.createElement("a"), { textContent, href, target: "_blank" });
  const later = (rest) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, rest);
  };
  const again = () => later(wait = Math.min(wait * 2, 6e4));

  async function save() {
    if (busy) return later(400);
    busy = true;
    const edition = edits;
    say("", "Saving…");
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    const headers = { "X-Autosave": "1", Accept: "application/json" };
    if (version?.value) headers["If-Match"] = `"${version.value}"`;
    try {
      await settle(await fetch(form.action, { method: "POST", body, headers, redirect: "manual" }), edition);
    } catch {
      problem(`Not saved: offline. ${kept}`);
      again();
    }
    busy = false;
  }

  async function settle(reply, edition) {
    const { status } = reply;
    if (reply.ok) {
      const said = await reply.json();
      if (said.version && version) version.value = said.version;
      say("is-saved", `Saved at ${clock(said.saved_at || Date.now())}.`);
      wait = 5000;
      if (edition === edits) copy.drop();
    } else if ([409, 412].includes(status)) {
      stopped = true;
      problem(`Not saved: a newer version exists. ${kept}`, link("Open it in another tab.", location.pathname));
    } else if (reply.type === "opaqueredirect" || [401, 403].includes(status)) {
      problem(`Not saved: you are signed out. ${kept}`, link("Sign in in another tab.", "/accounts/login/"));
    } else if (status === 400) {
      problem(`Not saved: a field needs another look. ${kept}`);
    } else {
      problem(`Not saved: the server is busy. ${kept}`);
      again();
    }
  }

  form.addEventListener("input", () => {
    edits++;
    copy.keep();
    if (local) say("is-saved", kept);
    else later(1200);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (edits) copy.keep({ sent: true });
    if (!busy || held++ > 20) return;
    event.preventDefault();
    setTimeout(() => form.requestSubmit(event.submitter), 150);
  });
  addEventListener("online", () => { if (edits && !local) later(200); });
  offer(form, copy);
}

// Follows a run: asks after one second, then ever slower up to ten; loads the page again when the run has ended.
const over = new Set(["succeeded", "failed", "cancelled", "superseded"]);

for (const box of document.querySelectorAll("[data-run-url]")) follow(box);

function follow(box) {
  const bar = box.querySelector("progress");
  const text = box.querySelector("[data-run-text]");
  let wait = 1000, last = -1;

  async function ask() {
    try {
      const reply = await fetch(box.dataset.runUrl, { headers: { Accept: "application/json" } });
      if (!reply.ok) throw new Error(String(reply.status));
      const run = await reply.json();
      if (over.has(run.status)) return location.reload();
      if (bar && run.status === "running") bar.value = run.progress;
      if (text) text.textContent = words(run);
      // A run that moves is asked sooner than one that stands still.
      wait = run.progress === last ? Math.min(wait * 1.5, 10000) : Math.max(1000, wait * 0.8);
      last = run.progress;
    } catch {
      wait = Math.min(wait * 2, 10000);
      if (text) text.textContent = "No connection; the run goes on without this page.";
    }
    setTimeout(ask, document.hidden ? 10000 : wait);
  }
  setTimeout(ask, wait);
}

function words(run) {
  if (run.status === "queued") return "Waiting for a worker.";
  return `${Math.round(run.progress * 100)}%${run.message ? `: ${run.message}` : ""}`;
}

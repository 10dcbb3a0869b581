// What was on screen for a second counts as seen; it is told in batches, and once more on leaving.
const form = document.querySelector("form[data-seen]");
const waiting = new Set();
const timers = new Map();

function tell() {
  if (!waiting.size) return;
  const body = new FormData(form);
  body.set("ranges", ranges([...waiting].sort((a, b) => a - b)));
  waiting.clear();
  fetch(form.action, { method: "POST", body, keepalive: true }).catch(() => { /* it is new again next time */ });
}

function ranges(numbers) {
  const found = [];
  for (const number of numbers) {
    const last = found[found.length - 1];
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.slice(0, 500).map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(",");
}

const watch = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    clearTimeout(timers.get(target));
    if (!isIntersecting) continue;
    timers.set(target, setTimeout(() => {
      watch.unobserve(target);
      waiting.add(+/#(\d+)$/.exec(target.textContent)[1]);
    }, 1000));
  }
});

if (form) {
  // The number of a comment ends its first line; what was taken from view has none.
  for (const by of document.querySelectorAll("[data-thread] .comment > .by")) watch.observe(by);
  setInterval(tell, 4000);
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") tell(); });
}

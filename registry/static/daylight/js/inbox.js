// Marks as read what one was told of this page, once it has been on screen for three seconds.

const form = document.querySelector("form[data-read]");

function mark() {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", wait);
  fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Requested-With": "fetch" },
    keepalive: true,
  }).then((answer) => {
    if (!answer.ok) return;
    // It keeps its place, so that nothing moves under the reader's eyes.
    const button = form.querySelector("button");
    button.textContent = "Marked as read";
    button.disabled = true;
  }).catch(() => {}); // the button stays
}

function wait() {
  setTimeout(mark, 3000);
}

if (form) {
  document.addEventListener("visibilitychange", wait);
  wait();
}

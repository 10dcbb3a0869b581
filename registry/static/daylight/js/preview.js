// Shows what a text will look like, without leaving the form; without script the same button submits for a preview page.
for (const button of document.querySelectorAll("button[data-preview]")) {
  const form = button.form;
  const text = document.getElementById(button.dataset.for) || form.querySelector("textarea");
  const pane = document.querySelector(button.dataset.preview || "[data-preview-pane]");
  if (!text || !pane || !button.dataset.previewUrl) continue;
  let turn = 0;

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const mine = ++turn;
    const body = new FormData();
    body.set("body", text.value);
    const token = form.elements.csrfmiddlewaretoken;
    if (token) body.set("csrfmiddlewaretoken", token.value);
    pane.hidden = false;
    pane.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(button.dataset.previewUrl, { method: "POST", body, headers: { "X-Preview": "1" } });
      const html = await reply.text();
      if (mine !== turn) return;
      // The server sanitises; an error page is never put into the pane.
      if (reply.ok) pane.innerHTML = html;
      else pane.textContent = `The preview could not be made (${reply.status}). Your text is untouched.`;
    } catch {
      if (mine === turn) pane.textContent = "The preview needs a connection. Your text is untouched.";
    }
    pane.removeAttribute("aria-busy");
  });
}

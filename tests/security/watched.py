"""A browser that counts what runs on a page, and what it would fetch from elsewhere."""

from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders

HOME = "http://testserver"
# Counts what a payload would do, and keeps the page from going elsewhere by an ordinary link or form.
WATCH = """
window.__fired = [];
for (const name of ["alert", "confirm", "prompt", "print"])
  window[name] = (...words) => { window.__fired.push(name + ":" + words.join(",").slice(0, 80)); };
document.addEventListener("click", e => {
  const link = e.target.closest && e.target.closest("a[href], area[href]");
  if (link && /^(https?|mailto):/i.test(link.href)) e.preventDefault();
});
document.addEventListener("submit", e => e.preventDefault());
"""
FIRE = """() => {
  const kinds = ["click", "dblclick", "mouseover", "mouseenter", "mousemove", "mousedown", "mouseup", "focus", "blur",
    "input", "change", "keydown", "keypress", "keyup", "paste", "copy", "cut", "drag", "drop", "toggle", "scroll",
    "wheel",
    "load", "error", "animationstart", "animationend", "transitionend", "pointerover", "pointerdown", "touchstart",
    "contextmenu", "select", "beforeinput", "auxclick", "start", "begin"];
  for (const element of document.querySelectorAll("main *, body > *")) {
    if (element.closest("form[action*='/accounts/']")) continue;
    for (const kind of kinds) {
      try { element.dispatchEvent(new Event(kind, {bubbles: kind === "click", cancelable: true})); } catch (e) {}
    }
  }
  return window.__fired;
}"""
FORBIDDEN = """() => [...document.querySelectorAll("main *")].flatMap(e => [...e.attributes]
  .filter(a => /^(on|hx-|data-hx|srcdoc|formaction|style$)/i.test(a.name) ||
    (/^(href|src|action|xlink:href|data)$/i.test(a.name) && /^\\s*(javascript|vbscript|data):/i.test(a.value)))
  .map(a => e.tagName + " " + a.name + "=" + a.value.slice(0, 80)))"""


class Watched:
    """A page of the browser whose every request is answered by the site in this process, or counted as off-site."""

    def __init__(self, browser, client, *, csp):
        self.client, self.csp = client, csp
        self.off_site, self.dialogs, self.reports = [], [], []
        self.context = browser.new_context()
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)
        self.ready = {}
        self.context.route("**/*", self._answer)

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _console(self, message):
        if "Content Security Policy" in message.text:
            self.reports.append(message.text[:200])

    def _answer(self, route):
        url = route.request.url
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != HOME or route.request.method != "GET":
            self.off_site.append(url[:200])
            return route.abort()
        # No Django here: this runs inside the browser's loop, where the test's database connection is not to be had.
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        status, headers, body = self.ready.get(path) or self._static(parts.path)
        return route.fulfill(status=status, headers=headers, body=body)

    def _static(self, path):
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if not found:
            return 404, {}, b""
        kind = "text/css" if path.endswith(".css") else "text/javascript" if path.endswith(".js") else "image/svg+xml"
        return 200, {"Content-Type": kind}, Path(found).read_bytes()

    def show(self, path, markup):
        """Let an address show a page that is not of the site."""
        self.ready[path] = 200, {"Content-Type": "text/html; charset=utf-8"}, markup.encode("utf-8", "replace")

    def _fetch(self, path):
        response = self.client.get(path, follow=True)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        kept = {k: v for k, v in response.headers.items() if self.csp or k != "Content-Security-Policy"}
        self.ready[path] = response.status_code, kept, body

    def visit(self, path):
        """Open a page, touch everything on it, and return what ran."""
        if path not in self.ready:
            self._fetch(path)
        self.status = self.page.goto(HOME + path, wait_until="load", timeout=60_000).status
        fired = self.page.evaluate(FIRE)
        self.page.wait_for_timeout(50)
        return list(fired) + self.page.evaluate("() => window.__fired") + self.dialogs + self.off_site

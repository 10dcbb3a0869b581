"""A thread of 500 comments on a phone of the middle range: a slow processor, a slow line, a small screen.

Run alone with `python -m tests.bench.phone`; about a minute. The processor is slowed down fourfold and the line is
Lighthouse's slow 4G, both by Chromium itself, and nothing is cached. LCP, CLS and INP are what the browser reports
(web.dev/vitals); each row is the median of five visits. It needs Chromium and a machine that does little else.
"""

import statistics

from playwright.sync_api import sync_playwright

from tests.bench.threads import limit, row, served
from tests.services import CHROMIUM_ARGUMENTS, chromium

VISITS = 5
SLOWER = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True, "has_touch": True}
WATCH = """
window.seen = {lcp: 0, cls: 0, inp: 0};
new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.lcp = e.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) seen.cls += e.value; })
  .observe({type: "layout-shift", buffered: true});
new PerformanceObserver((list) => { for (const e of list.getEntries())
  if (e.interactionId) seen.inp = Math.max(seen.inp, e.duration); })
  .observe({type: "event", durationThreshold: 16, buffered: true});
"""


def rows():
    with served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        path = f"/t/{site.ids['long']}/"
        for _ in range(4):  # both workers have the page and its compressed form
            site.get(path, {"Accept-Encoding": "gzip"})
        visits = [visit(browser, f"http://127.0.0.1:{site.port}{path}") for _ in range(VISITS)]
        person = {"name": "session", "value": site.ids["session"], "url": f"http://127.0.0.1:{site.port}"}
        signed_in = [visit(browser, f"http://127.0.0.1:{site.port}{path}", person) for _ in range(VISITS)]
        browser.close()
    for who, seen in [("a visitor", visits), ("signed in", signed_in)]:
        lcp, shift, inp = (statistics.median(one[name] for one in seen) for name in ("lcp", "cls", "inp"))
        yield limit(f"LCP of {who}, s", lcp / 1000, 1.0)
        yield limit(f"INP of {who}, ms", inp, 100)
        # Nothing may move at all, so there is no ratio: any shift misses.
        yield row(f"CLS of {who}", shift, None, float("inf") if shift else 0.0, 1.0)


def visit(browser, url, cookie=None):
    """What a first visit with a few taps on folds and links costs."""
    context = browser.new_context(**PHONE)
    if cookie:
        context.add_cookies([cookie])
    context.add_init_script(WATCH)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="load", timeout=60_000)
    page.wait_for_timeout(1500)
    for n in range(3):
        page.locator(".comment > details > summary:visible").nth(n * 3).tap(timeout=30_000)
        page.wait_for_timeout(300)
    page.locator(".site button").first.tap()
    page.wait_for_timeout(600)
    seen = page.evaluate("window.seen")
    context.close()
    return seen


def main():
    for each in rows():
        print(f"{each['figure']:48} {each['ours']:10.3f} {'':10} {each['ratio']:6.2f} of {each['limit']}")


if __name__ == "__main__":
    main()

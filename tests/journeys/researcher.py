"""A researcher in front of the site: finds things by their words, as a person or a screen reader does.

The same walk is done with and without script, so no step relies on either.
"""

import re
import time
from contextlib import suppress

import pytest
from playwright.sync_api import expect

ENDED = re.compile(r"^(done|failed|cancelled)")


class Researcher:
    def __init__(self, page, site, *, handle):
        self.page, self.site, self.handle = page, site, handle
        self.password = f"{handle} reads on the train"
        self.lab, self.entry = f"lab-of-{handle}", ""

    def open(self, path):
        return self.page.goto(self.site.url + path)

    def press(self, words):
        """Press the button that says this, or follow such a link."""
        self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words)).first.click()

    def fill(self, label, text):
        self.page.get_by_label(label, exact=True).first.fill(text)

    def sign_up(self):
        self.open("/accounts/signup/")
        self.fill("Name", "Rea Researcher")
        self.page.locator("[name=username]").fill(self.handle)
        self.page.locator("[name=email]").fill(f"{self.handle}@example.org")
        self.page.locator("[name=password1]").fill(self.password)
        self.page.locator("[name=password2]").fill(self.password)
        self.page.wait_for_timeout(2100)  # nobody fills this in within two seconds, and forms know it
        self.page.locator("main form button.primary").click()
        self.page.goto(self.link_in_mail(f"{self.handle}@example.org"))
        self.page.locator("main form button").first.click()

    def link_in_mail(self, address, seconds=30):
        """The link in the newest mail to an address, once it was sent."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(OSError):
                for mail in sorted(self.site.data.glob("mail/*"), key=lambda m: m.stat().st_mtime, reverse=True):
                    text = mail.read_text().replace("=\n", "")
                    found = re.search(rf"{re.escape(self.site.url)}/accounts/confirm-email/[^\s\"<]+", text)
                    if f"To: {address}" in text and found:
                        return found[0]
            time.sleep(0.2)
        return pytest.fail(f"no mail to {address} came within {seconds} s")

    def sign_in(self):
        self.open("/accounts/login/")
        self.page.locator("[name=login]").fill(self.handle)
        self.page.locator("[name=password]").fill(self.password)
        self.page.locator("main form button.primary").first.click()

    def register_lab(self):
        self.open("/labs/")
        self.press("Register your lab")
        self.fill("Name", f"The lab of {self.handle}")
        self.page.locator("[name=slug]").fill(self.lab)
        self.press("Register the lab, visible to everyone")
        expect(self.page.get_by_role("heading", name=f"The lab of {self.handle}")).to_be_visible()

    def begin_draft(self, title):
        self.press("Register a release decision")
        self.fill("Title", title)
        self.press("Begin the draft, visible to your side only")
        expect(self.page.get_by_role("heading", name=f"Edit {title}")).to_be_visible()
        self.entry = self.page.url.removeprefix(self.site.url).removesuffix("edit/")

    def import_card(self, card):
        """Put a card on the draft and take over what it says."""
        self.page.get_by_label("Upload a Markdown file").set_input_files(card)
        self.press("Put the card on the draft")
        self.press("See what the card says, and fill it into the draft")
        self.press("Fill what is ticked into the draft")

    def write_decision(self):
        """What no card says: the summary of the decision, its reason, and who gets what since when."""
        self.open(self.entry + "edit/")
        self.fill("Summary", "The weights are released to everyone; the texts they were trained on are not.")
        self.page.locator("[name=rationale]").fill("Larger models can be had **already**.")
        if not self.page.locator("#stages ol a").count():
            self.press("Save and add a stage")
        else:
            self.press("Save the draft, visible to your lab only")
            self.page.locator("#stages ol a").first.click()
        self.fill("Date", "2019-02-14")
        self.page.locator("[name=components-0-component]").select_option("weights_final")
        self.page.locator("[name=components-0-mode]").select_option("downloadable")
        self.press("Save and go back to the whole draft")

    def publish(self):
        self.open(self.entry + "publish/")
        self.press("Publish revision 1, visible to everyone")
        expect(self.page.get_by_text("Revision 1 is published. Everyone can see it.")).to_be_visible()

    def declare(self, number, stance, reason):
        self.open(self.entry)
        self.press(re.compile("^Declare what"))
        self.page.get_by_role("link", name=f"State N-1/{number}", exact=True).click()
        self.page.get_by_label(stance, exact=True).check()
        self.page.locator("[name=reason]").fill(reason)
        self.press(re.compile("^Declare for"))

    def ask_for_detection(self, texts):
        """Upload samples and reference texts; ends on the page of the run."""
        self.open(self.entry + "analyses/detection/")
        self.page.locator("[name=generated]").set_input_files(texts["generated"])
        self.page.locator("[name=human]").set_input_files(texts["human"])
        self.press("Upload and analyse")
        expect(self.page).to_have_url(re.compile(r"/runs/\d+/$"))

    def wait_for_run(self, seconds=90, *, reload):
        """Until the page says that the run has ended; `reload` is how it is done without script."""
        state = self.page.locator("header .meta")
        deadline = time.monotonic() + seconds
        while not ENDED.match(state.inner_text()) and time.monotonic() < deadline:
            self.page.wait_for_timeout(700)
            if reload:
                self.page.reload()
        expect(state).to_contain_text("done")

    def start_discussion(self, title, text):
        """Ends on the page of the discussion."""
        self.open(self.entry)
        self.press("Start a discussion")
        self.fill("Title", title)
        self.write(text)
        self.press("Start the discussion, visible to everyone")
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()

    def reply(self, text):
        self.page.locator(".comment").first.get_by_role("link", name="reply", exact=True).first.click()
        self.write(text)
        self.press("Post the reply, visible to everyone")
        expect(self.comment(text)).to_be_visible()

    def edit(self, before, after):
        below = self.comment(before).locator("xpath=following-sibling::*[contains(@class, 'do')][1]")
        below.get_by_role("link", name="edit", exact=True).click()
        self.write(after)
        self.press("Save the edit, visible to everyone")
        expect(self.comment(after)).to_be_visible()

    def write(self, text):
        self.page.locator("textarea[name=body]").first.fill(text)

    def comment(self, text):
        return self.page.locator(".comment .prose", has_text=text).last

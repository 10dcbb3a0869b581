"""User text to HTML: what works, what is kept out, what happens to texts made to be slow."""

import json
import os
import random
import re
import threading
import time
from html.parser import HTMLParser

import pytest

from registry.core import markdown
from registry.core.markdown import TooDeep, TooLong, TooSlow, helper, render
from registry.core.markdown.limits import SECONDS
from registry.core.markdown.rendering import convert, plain
from registry.core.markdown.sanitiser import HTML, MATHML, sanitise
from tests.shared import SHARED, needs_shared

ATTACKS = SHARED / "data/attacks"
LIMIT = 20_000
VOID = {"br", "hr"}
ADDRESS = re.compile(r"(?:https?:|mailto:|/(?![/\\])|#fn)", re.IGNORECASE)
ATTRIBUTE = re.compile(r"href|rel|id|class|start|tabindex|role|aria-label|[a-z]+", re.ASCII)
# Shapes that are slow or recursive in Markdown parsers, beside the shared ones.
SHAPES = [
    "[",
    "![",
    "[a](",
    "[a](<b",
    "*a [b](c",
    "[[[[a]]]]",
    "[^1]",
    "[^",
    "<![CDATA[",
    "<!--",
    "[a]: x\n",
    "[a]:\n",
    "[a]:\n\n  'x",
    "`",
    "`a",
    "*",
    "**a ",
    "_a *b ",
    "~~a",
    "> ",
    ">",
    "- ",
    "1. ",
    "- a\n ",
    "#",
    "\\",
    "&",
    "<a ",
    "<",
    "$",
    "$a",
    "$$",
    "|",
    "a|b\n",
    "-|-\n",
    "===\n",
    "    ",
    "\t",
    "\n",
    "```\n",
    "~~~a\n",
    "http://",
    "https://a.",
    "a@b.",
    "<a@b",
    "{",
    "\\frac{",
    "(",
    ")",
    "[]()",
    "![[]()",
    "\u202e",
    "é",
    "😀",
    "[ ] ",
    "* * ",
    "- - ",
    "[^a]: b\n\n",
]


def payloads(*folders):
    for folder in folders:
        for path in sorted((ATTACKS / folder).glob("*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                entry = json.loads(line)
                if "parts" in entry:
                    yield entry["id"], "".join(part * count for part, count in entry["parts"])[:LIMIT]
                elif "payload" in entry:
                    yield entry["id"], entry["payload"][:LIMIT]


class Inspector(HTMLParser):
    """Reads HTML as a stranger would, and lists all that must not be there."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.text, self.links = [], [], "", []

    def handle_starttag(self, tag, attrs):
        if tag not in HTML | MATHML:
            self.faults.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if not ATTRIBUTE.fullmatch(name) or name.startswith(
                ("on", "style", "src", "xlink", "data", "hx", "form")
            ):
                if not (name == "form" and tag == "mo"):
                    self.faults.append(f"{tag} {name}")
            if name == "href":
                self.links.append(value)
                if tag != "a" or not ADDRESS.match(value):
                    self.faults.append(f"href={value}")
        if tag == "a" and ("rel", "nofollow ugc noopener") not in attrs:
            self.faults.append("a without rel")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.faults.append("comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def inspect(html):
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector


def faults(html):
    inspector = inspect(html)
    return inspector.faults + inspector.open


class RenderTests:
    def test_formats_ordinary_markdown(self):
        assert render("Some **bold**, *soft*, ~~gone~~ and `code`.\nNext line.") == (
            "<p>Some <strong>bold</strong>, <em>soft</em>, <del>gone</del> and <code>code</code>.<br>\nNext line.</p>"
        )

    def test_leaves_names_with_underscores_alone(self):
        assert render("snake_case_name and 2 * 3 * 4") == "<p>snake_case_name and 2 * 3 * 4</p>"

    def test_puts_headings_below_those_of_the_page(self):
        assert re.findall("<(h.)>", render("# a\n\n## b\n\n### c\n\n#### d\n\n###### e\n\nf\n==")) == [
            "h3",
            "h4",
            "h5",
            "h6",
            "h6",
            "h3",
        ]

    def test_shows_raw_html_as_text(self):
        assert render('<b onclick="x()">a</b>\n\n<div>\n*b*\n</div>') == (
            '<p>&lt;b onclick="x()"&gt;a&lt;/b&gt;</p>\n<p>&lt;div&gt;<br>\n<em>b</em><br>\n&lt;/div&gt;</p>'
        )

    def test_makes_links_of_images(self):
        html = render("![a chart](https://example.org/c.png) [![badge](https://b.org/b.svg)](https://b.org)")

        assert html == (
            '<p><a href="https://example.org/c.png" rel="nofollow ugc noopener">a chart</a> '
            '<a href="https://b.org" rel="nofollow ugc noopener"><span>badge</span></a></p>'
        )

    @pytest.mark.parametrize(
        ("typed", "href", "rest"),
        [
            ("https://example.org/a_b_c", "https://example.org/a_b_c", ""),
            ("(see https://example.org/a_(b))", "https://example.org/a_(b)", ")"),
            ("Go to https://example.org/x?a=1&b=2.", "https://example.org/x?a=1&b=2", "."),
            ("**https://example.org**", "https://example.org", ""),
            ("<https://example.org/>", "https://example.org/", ""),
            ("<ada@example.org>", "mailto:ada@example.org", ""),
            ("[x](/norms/N-7)", "/norms/N-7", ""),
        ],
    )
    def test_links_addresses(self, typed, href, rest):
        inspector = inspect(render(typed))

        assert inspector.links == [href]
        assert inspector.text.endswith(rest)

    @pytest.mark.parametrize(
        "target",
        [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "ftp://a.org",
            "//evil.org",
            "/\\evil.org",
            "&#106;avascript:alert(1)",
            "java\tscript:x",
            "file:///etc/passwd",
            "x.html",
            "#top",
        ],
    )
    def test_drops_other_targets_but_keeps_the_words(self, target):
        inspector = inspect(render(f"[words]({target})"))

        assert inspector.links == []
        assert "words" in inspector.text

    def test_keeps_the_language_of_a_code_block_if_it_is_one(self):
        html = render('```Python title="x"\na < b\n```\n\n```x"onload=1\nb\n```\n\n    indented\n')

        assert html == (
            '<pre tabindex="0"><code class="language-python">a &lt; b\n</code></pre>\n'
            '<pre tabindex="0"><code>b\n</code></pre>\n<pre tabindex="0"><code>indented\n</code></pre>'
        )

    def test_shows_fences_within_lists_and_quotations(self):
        assert '<code class="language-c">x\n</code>' in render("- a\n\n    ```c\n    x\n    ```\n")
        assert '<blockquote>\n<pre tabindex="0"><code>x\n</code>' in render("> ```\n> x\n> ```\n")

    def test_lets_wide_tables_scroll_by_keyboard(self):
        html = render("| a | b |\n|--:|:-:|\n| 1 | `x` |")

        assert html.startswith('<div aria-label="Table" class="scroll" role="group" tabindex="0"><table>')
        assert '<td class="right">1</td>' in html and '<th class="center">b</th>' in html

    def test_shows_tasks_as_signs(self):
        html = render("- [ ] open\n- [x] done\n- [y] neither")

        assert html.count("☐") == html.count("☑") == 1
        assert "<input" not in html and "[y] neither" in html

    def test_keeps_the_footnotes_of_two_comments_apart(self):
        one, two = render("a[^n] b[^n]\n\n[^n]: note"), render("c[^n]\n\n[^n]: note")

        ids = re.findall(r' id="([^"]+)"', one + two)
        assert len(ids) == len(set(ids)) == 5
        assert {link[1:] for link in inspect(one + two).links} == set(ids)

    def test_shows_what_would_reverse_the_order_of_letters(self):
        html = render("a \u202eb\u202c\n\n```\nif x: # \u2066 end\u2069\n```")

        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)
        assert "a ⟦RLO⟧b⟦PDF⟧" in html and "# ⟦LRI⟧ end⟦PDI⟧" in html

    @pytest.mark.parametrize("typed", ["&#8238;", "&#x202E;", "&#x0000202e;", "![&#8238;](https://a.org)"])
    def test_does_so_too_when_the_character_is_written_as_a_number(self, typed):
        assert "⟦RLO⟧" in render(typed)
        assert "\u202e" not in render(f"{typed} [a](https://b.org/{typed}) `{typed}`")

    def test_survives_characters_that_nobody_should_send(self):
        assert render("a\x00b\x02c\ud800") == "<p>a\ufffdb\ufffdc\ufffd</p>"

    def test_gives_nothing_for_nothing(self):
        assert render("") == render("  \n ") == ""

    def test_gives_the_same_html_each_time_and_in_each_process(self):
        text = "a[^1] $x$ **b**\n\n[^1]: c"

        assert render(text) == render(text) == helper.convert_in_helper(text)

    def test_can_be_used_by_many_threads(self):
        results = {}
        texts = [f"Text *{number}*[^1]\n\n[^1]: note {number}" for number in range(200)]
        expected = [render(text) for text in texts]

        def work(start):
            for number in range(start, 200, 4):
                results[number] = render(texts[number])

        threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert [results[number] for number in range(200)] == expected


class FormulaTests:
    def test_become_mathml(self):
        assert render("Energy $E=mc^2$.") == (
            '<p>Energy <math display="inline"><mrow><mi>E</mi><mo>=</mo><mi>m</mi>'
            "<msup><mi>c</mi><mn>2</mn></msup>"
            "</mrow></math>.</p>"
        )

    @pytest.mark.parametrize("text", ["$$\n\\sum_i x_i\n- 1\n$$", "```math\n\\sum_i x_i\n- 1\n```"])
    def test_stand_in_a_scrolling_box_when_displayed(self, text):
        html = render(text)

        assert html.startswith('<div aria-label="Formula" class="scroll" role="group" tabindex="0">')
        assert '<math display="block">' in html and "∑" in html and "<li>" not in html

    @pytest.mark.parametrize(
        "text",
        [
            "$5 and $6",
            "from $5 to $10",
            "US$5/$10",
            "$5-$6",
            "5$ or 6$",
            "costs $5 (or 4 $)",
            r"\$5 and 3\$",
            "paid $5 for one, others 3$",
            "$ x $",
            "a$b$c",
            "$1,000,000",
        ],
    )
    def test_are_not_seen_in_prices(self, text):
        html = render(text)

        assert "<math" not in html and 'class="math"' not in html
        assert inspect(html).text == text.replace("\\", "")

    def test_leave_code_alone(self):
        assert render("`$x$` and `a` $y$").count("<math") == 1

    @pytest.mark.parametrize("tex", [r"\frac", "x_a_b", r"\left(", "{" * 400])
    def test_that_cannot_be_read_are_shown_as_typed(self, tex):
        html = render(f"```math\n{tex}\n```")

        assert f'<code class="math">{tex}</code>' in html.replace("\n</code>", "</code>")

    @pytest.mark.parametrize(
        "tex",
        [
            r"\text{<script>alert(1)</script>}",
            r"\href{javascript:alert(1)}{x}",
            r"\style{color:red}{x}",
            r"\class{x}{y}",
            r"\text{&lt;img src=x onerror=alert(1)&gt;}",
            r"\color{red;}{x}",
            r"\unicode{60}",
            r"\mathrm{<img src=x onerror=alert(1)>}",
            r"\hspace{999999em}x",
            r"\rule{999em}{999em}",
        ],
    )
    def test_bring_nothing_else_with_them(self, tex):
        html = render(f"$${tex}$$")

        assert faults(html) == []
        assert not re.search(r"<[^>]*(999|javascript|style=|alert)", html)


class LimitTests:
    def test_refuses_a_text_that_is_too_long_and_says_what_to_do(self):
        assert render("a " * 10_000)
        with pytest.raises(TooLong, match="20,001 characters; at most 20,000.*Shorten"):
            render("a" * 20_001)

    def test_shows_as_typed_what_nests_too_deep(self):
        text = "> " * 300 + "a <b>\n\nsecond"

        assert render(text) == f"<p>{'&gt; ' * 300}a &lt;b&gt;</p>\n<p>second</p>"
        with pytest.raises(TooDeep, match="levels of indentation"):
            render(text, strict=True)

    def test_shows_as_typed_what_takes_too_long(self):
        text = "[" * 19_990 + " x"
        before = time.monotonic()

        assert render(text) == f"<p>{text}</p>"
        assert time.monotonic() - before < 2
        with pytest.raises(TooSlow, match="code block"):
            render(text, strict=True)

    def test_refuses_deep_html_before_the_sanitiser_sees_it(self):
        with pytest.raises(TooDeep):
            sanitise("<div>" * 101 + "</div>" * 101)
        assert sanitise("<div>" * 100 + "</div>" * 100)

    def test_a_fault_of_the_parser_costs_nobody_their_text(self, monkeypatch):
        def broken(text):
            raise AssertionError("a bug")

        monkeypatch.setattr(markdown, "convert", broken)

        assert render("typed *so*") == "<p>typed *so*</p>"

    def test_ordinary_comments_need_no_helper(self, monkeypatch):
        monkeypatch.setattr(markdown, "convert_in_helper", None)

        assert (
            render("A *usual* [comment](https://example.org) of some lines.\n\n- a\n- b\n\n" * 8).count("<em>") == 8
        )

    def test_a_comment_takes_a_millisecond(self):
        text = ("I think the *staged* release of **1.5B** leaves `eval.py` [open](https://a.org).\n\n" * 9)[:605]
        render(text)
        times = []
        for _ in range(50):
            before = time.perf_counter()
            render(text)
            times.append(time.perf_counter() - before)

        assert sorted(times)[25] < 0.005  # 0.6 ms when nothing else runs


class HelperTests:
    def test_is_replaced_after_it_was_killed(self):
        with pytest.raises(TooSlow):
            helper.convert_in_helper("[" * 20_000, seconds=0.2)

        assert helper.convert_in_helper("*a*") == "<p><em>a</em></p>"

    def test_is_kept_for_the_next_text(self):
        helper.convert_in_helper("a")
        kept = helper._idle[-1].process.pid
        helper.convert_in_helper("b")

        assert helper._idle[-1].process.pid == kept

    def test_is_started_again_if_it_died_meanwhile(self):
        helper.convert_in_helper("a")
        for one in helper._idle:
            one.process.kill()
            one.process.wait()

        assert helper.convert_in_helper("b") == "<p>b</p>"

    def test_may_start_slowly_at_no_cost_to_the_text(self, monkeypatch):
        helper._end()
        monkeypatch.setattr(helper, "PROGRAM", f"import time; time.sleep({SECONDS}); {helper.PROGRAM}")

        assert helper.convert_in_helper("*a*") == "<p><em>a</em></p>"

    def test_knows_no_secret(self, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "do-not-tell")
        one = helper.Helper()

        with open(f"/proc/{one.process.pid}/environ", "rb") as environ:
            assert b"do-not-tell" not in environ.read()
        one.kill()

    def test_serves_threads_at_once(self):
        slow = threading.Thread(target=render, args=("[" * 19_000,))
        slow.start()
        before = time.monotonic()

        assert render("*a* " * 1_500).count("<em>") == 1_500
        assert time.monotonic() - before < 1.0
        slow.join()

    def test_is_not_shared_with_a_forked_process(self):
        helper.convert_in_helper("a")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            answer = b"none" if helper._idle else helper.convert_in_helper("*b*").encode()
            os.write(writing, answer)
            helper._end()
            os._exit(0)
        os.waitpid(child, 0)

        assert os.read(reading, 100) == b"<p><em>b</em></p>"
        assert helper.convert_in_helper("c") == "<p>c</p>"

    def test_ends_when_its_pipe_closes(self):
        one = helper.Helper()
        one.let_go()

        assert one.process.wait(timeout=5) == 0


class InspectorTests:
    """The tests below prove nothing if their inspector sees nothing."""

    @pytest.mark.parametrize(
        "html",
        [
            "<script>x</script>",
            "<p onclick=x>a</p>",
            "<a href='javascript:x' rel='nofollow ugc noopener'>a</a>",
            "<img src=x>",
            "<p>",
            "</p>",
            "<!--x-->",
            "<a href='https://a.org'>a</a>",
            "<svg></svg>",
            "<p style=x></p>",
            "<div hx-get=/x></div>",
            "<math><annotation-xml></annotation-xml></math>",
            "<p><b>x</p></b>",
        ],
    )
    def test_sees_each_kind_of_fault(self, html):
        assert faults(html)


@needs_shared
class HostileTextTests:
    def test_nothing_forbidden_is_left_of_any_payload(self):
        seen = 0
        for name, text in payloads("xss", "text", "inject", "net"):
            for html in (render(text), plain(text)):
                assert faults(html) == [], (name, text, html)
                assert sanitise(html) == html, (name, text, html)
            seen += 1

        assert seen >= 1_944, seen

    def test_payloads_within_markdown_leave_nothing_either(self):
        for name, text in payloads("xss"):
            for frame in (
                "[x]({})",
                "![{}](x)",
                "<{}>",
                "[{}][1]\n\n[1]: {}",
                "```{}\nx\n```",
                "$${}$$",
                "|{}|\n|-|\n|{}|",
            ):
                html = render(frame.replace("{}", text))
                assert faults(html) == [], (name, frame, text, html)
                assert sanitise(html) == html, (name, frame, text, html)

    def test_examples_of_other_parsers_give_balanced_html(self):
        for name, text in payloads("markdown"):
            html = render(text)
            assert faults(html) == [], (name, html[:300])
            assert sanitise(html) == html, name

    def test_hostile_shapes_are_answered_in_two_seconds(self):
        slowest = 0
        for name, text in payloads("markdown"):
            if name.startswith("pathological"):
                before = time.monotonic()
                render(text)
                slowest = max(slowest, time.monotonic() - before)
                assert slowest < 2, name


class SlowShapeTests:
    @pytest.mark.parametrize("shape", SHAPES)
    def test_own_shapes_are_answered_in_two_seconds(self, shape):
        text = (shape * LIMIT)[:LIMIT]
        before = time.monotonic()
        html = render(text)

        assert time.monotonic() - before < 2
        assert faults(html) == [] and sanitise(html) == html

    def test_mixtures_within_the_bounds_of_an_ordinary_text_are_quick(self):
        chance = random.Random(20)
        slowest = 0
        for _ in range(300):
            unit = "".join(chance.choice(SHAPES) for _ in range(chance.randint(1, 4)))
            text = (unit * 4_000)[: markdown.ORDINARY_LENGTH]
            while not markdown._is_ordinary(text):
                text = text[: len(text) * 9 // 10]
            text += "a " * ((markdown.ORDINARY_LENGTH - len(text)) // 2)
            before = time.monotonic()
            try:
                html = convert(text)
            except TooDeep:
                html = ""
            slowest = max(slowest, time.monotonic() - before)
            assert faults(html) == [], text[:80]

        assert slowest < 1, slowest  # 0.2 s when nothing else runs


class MentionTests:
    PEOPLE = frozenset({"ada", "bob-2"})

    def render(self, text):
        return render(text, people=self.PEOPLE).replace(' rel="nofollow ugc noopener"', "")

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("@ada", '<a href="/people/ada/">@ada</a>'),
            ("(@ADA), @bob-2.", '(<a href="/people/ada/">@ADA</a>), <a href="/people/bob-2/">@bob-2</a>.'),
            ("**@ada**", '<strong><a href="/people/ada/">@ada</a></strong>'),
            ("@eve @adam @ada-x @ada@example.org", "@eve @adam @ada-x @ada@example.org"),
            ("a@ada x/@ada @@ada -@ada", "a@ada x/@ada @@ada -@ada"),
            ("`@ada`", "<code>@ada</code>"),
            ("[ask @ada](https://example.org/)", '<a href="https://example.org/">ask @ada</a>'),
        ],
    )
    def test_lead_to_people_who_are_there_and_to_nobody_else(self, text, shown):
        assert self.render(text) == f"<p>{shown}</p>"

    def test_are_none_where_nobody_is_named_to_the_renderer(self):
        assert render("@ada") == "<p>@ada</p>"

    def test_are_the_same_in_the_helper_and_do_not_last_to_the_next_text(self):
        long = "@ada " + "word " * 1_500
        assert self.render(long).startswith('<p><a href="/people/ada/">@ada</a> word')
        assert render(long).startswith("<p>@ada word")
        assert render("@ada") == "<p>@ada</p>"

    def test_of_a_whole_text_take_no_time(self):
        began = time.perf_counter()
        self.render("@ada " * 4_000)
        assert time.perf_counter() - began < 1.4

"""Messages as mail programs write them; what they say is invented, their forms are those that the programs have.

Each takes the headers of the mail and what is answered, and gives the bytes that go over the wire.
"""

import quopri
from email.utils import make_msgid

QUOTED = "Eve Example, #1, on revision 1\n\nIt is *very* small.\n\nhttps://daylight.example/c/1/\n\n-- \nYou get this"
VOUCHED = "mx.daylight.example; dkim=pass header.d=example.org header.s=k1"


def message(
    body,
    *,
    sender="Mo Example <mod@example.org>",
    to="",
    subject="Re: Why so small?",
    message_id=None,
    vouched=VOUCHED,
    kind='text/plain; charset="utf-8"',
    encoding="8bit",
    extra=(),
    answers="",
):
    """A mail: headers, a blank line, and a body as text or bytes."""
    headers = [
        "Received: from mx.daylight.example by daylight.example; Mon, 02 Nov 2026 10:00:02 +0000",
        *([f"Authentication-Results: {vouched}"] if vouched else []),
        "Received: from mail.example.org by mx.daylight.example; Mon, 02 Nov 2026 10:00:01 +0000",
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        "Date: Mon, 02 Nov 2026 10:00:00 +0000",
        *([f"Message-ID: {message_id or make_msgid(domain='mail.example.org')}"] if message_id != "" else []),
        *([f"In-Reply-To: {answers}", f"References: {answers}"] if answers else []),
        "MIME-Version: 1.0",
        f"Content-Type: {kind}",
        f"Content-Transfer-Encoding: {encoding}",
        *extra,
    ]
    body = body.encode() if isinstance(body, str) else body
    raw = "\n".join(headers).encode("utf-8", "surrogateescape") + b"\n\n" + body
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def quoted(text=QUOTED):
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def multipart(parts, kind="alternative", boundary="b0undary", **headers):
    """A mail of several parts, each (content type, text or bytes, further headers)."""
    body = b"This is a message in MIME format.\n"
    for content, text, *more in parts:
        data = text.encode() if isinstance(text, str) else text
        head = "\n".join([f"Content-Type: {content}", *more])
        body += f"--{boundary}\n{head}\n\n".encode() + data + b"\n"
    return message(
        body + f"--{boundary}--\n".encode(), kind=f'multipart/{kind}; boundary="{boundary}"', encoding="8bit", **headers
    )


GMAIL_LINE = "On Mon, Nov 2, 2026 at 10:00 AM Eve Example via Daylight <\nnoreply@daylight.example> wrote:\n\n"


def gmail(text, **headers):
    """Gmail in a browser: both forms, the quotation below in a div of its own."""
    html = "".join(f"<div>{line or '<br>'}</div>" for line in text.split("\n"))
    html = (
        f'<div dir="ltr">{html}</div><br><div class="gmail_quote gmail_quote_container">'
        '<div dir="ltr" class="gmail_attr">'
        'On Mon, Nov 2, 2026 at 10:00 AM Eve Example via Daylight &lt;<a href="mailto:noreply@daylight.example">'
        'noreply@daylight.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0">'
        "<p><strong>Eve Example</strong>, #1</p><p>It is <em>very</em> small.</p></blockquote></div>"
    )
    plain = f"{text}\n\n{GMAIL_LINE}{quoted()}\n"
    return multipart([('text/plain; charset="UTF-8"', plain), ('text/html; charset="UTF-8"', html)], **headers)


def html_only(text, **headers):
    """A program that sends HTML and nothing else, in quoted-printable, with the Gmail form of quoting."""
    raw = gmail(text, **headers)
    html = raw.split(b'text/html; charset="UTF-8"\r\n\r\n')[1].split(b"\r\n--b0undary--")[0]
    return message(quopri.encodestring(html), kind="text/html; charset=utf-8", encoding="quoted-printable", **headers)


def outlook(text, **headers):
    """Outlook for Windows: Word's HTML, everything below a line, no sign that it is quoted."""
    paragraphs = "".join(
        f'<p class="MsoNormal"><span lang="EN-GB">{line or "&nbsp;"}<o:p></o:p></span></p>' for line in text.split("\n")
    )
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm} --></style>'
        f'</head><body lang="EN-GB"><div class="WordSection1">{paragraphs}<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt">'
        '<p class="MsoNormal"><b>From:</b> Eve Example via '
        "Daylight &lt;noreply@daylight.example&gt;<br><b>Sent:</b> 02 November 2026 10:00<br><b>To:</b> Mo Example "
        "&lt;mod@example.org&gt;<br><b>Subject:</b> Why so small?<o:p></o:p></p></div></div>"
        '<p class="MsoNormal">It is very small.<o:p></o:p></p></div></body></html>'
    )
    plain = (
        f"{text}\n\nFrom: Eve Example via Daylight <noreply@daylight.example>\nSent: 02 November 2026 10:00\n"
        f"To: Mo Example <mod@example.org>\nSubject: Why so small?\n\n{QUOTED}\n"
    )
    return multipart([("text/plain; charset=us-ascii", plain), ("text/html; charset=us-ascii", html)], **headers)


def outlook_german(text, **headers):
    """The same in German, plain text only, in windows-1252 as it is told."""
    plain = (
        f"{text}\n\n________________________________\nVon: Eve Example via Daylight <noreply@daylight.example>\n"
        "Gesendet: Montag, 2. November 2026 10:00\nAn: Mo Example <mod@example.org>\nBetreff: Re: Why so small?\n\n"
        "Das ist sehr klein, für alle.\n"
    ).encode("cp1252")
    return message(plain, kind='text/plain; charset="Windows-1252"', **headers)


def outlook_web(text, **headers):
    """Outlook in a browser: a rule with an id begins what is quoted; HTML alone."""
    html = (
        f'<div style="font-family:Aptos">{"<br>".join(text.split(chr(10)))}</div><div id="appendonsend"></div><hr '
        'style="width:98%"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>From:</b> Eve Example<br><b>Sent:'
        "</b> Monday<br><b>Subject:</b> Why so small?</font><div>&nbsp;</div></div><div>It is very small.</div>"
    )
    return message(html, kind='text/html; charset="utf-8"', **headers)


def apple(text, **headers):
    """Mail on an iPhone."""
    return message(
        f"{text}\n\nSent from my iPhone\n\n"
        f"> On 2 Nov 2026, at 10:00, Eve Example via Daylight <noreply@daylight.example> "
        f"wrote:\n> \n{quoted('> It is very small.')}\n",
        encoding="7bit" if text.isascii() else "8bit",
        **headers,
    )


def thunderbird(text, **headers):
    """Thunderbird: flowed lines, the quotation above and the answer below it."""
    flowed = "\n".join(
        " \n".join(line[at : at + 60] for at in range(0, max(len(line), 1), 60)) for line in text.split("\n")
    )
    return message(
        f"Am 02.11.26 um 10:00 schrieb Eve Example via Daylight:\n"
        f"{quoted(QUOTED + chr(10) + 'more' * 3)}\n\n{flowed}\n\n"
        "-- \nMo Example\nInvented Street 1\n",
        kind="text/plain; charset=UTF-8; format=flowed",
        **headers,
    )


PLAIN = [gmail, outlook, outlook_german, apple, thunderbird]
ALL = [*PLAIN, html_only, outlook_web]

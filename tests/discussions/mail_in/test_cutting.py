"""What of a text is its author's own."""

import time

import pytest

from discussions.mail_in.cutting import cut

# As programs write them in these languages; names and words are invented.
ATTRIBUTIONS = [
    "On Mon, Nov 2, 2026 at 10:00 AM Eve Example <eve@x.example> wrote:",
    "On 2 Nov 2026, at 10:00, Eve Example <eve@x.example> wrote:",
    "Eve Example via Daylight <noreply@x.example> wrote:",
    "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Eve Example <eve@x.example>:",
    "Am 02.11.26 um 10:00 schrieb Eve Example:",
    "Eve Example <eve@x.example> schrieb am Mo. 2. Nov. 2026 um 10:00:",
    "Le lun. 2 nov. 2026 à 10:00, Eve Example <eve@x.example> a écrit :",
    "Le 02/11/2026 à 10:00, Eve Example a écrit\u00a0:",
    "El lun, 2 nov 2026 a las 10:00, Eve Example (<eve@x.example>) escribió:",
    "Il giorno lun 2 nov 2026 alle ore 10:00 Eve Example <eve@x.example> ha scritto:",
    "Em seg., 2 de nov. de 2026 às 10:00, Eve Example <eve@x.example> escreveu:",
    "Op ma 2 nov 2026 om 10:00 schreef Eve Example <eve@x.example>:",
    "Den mån 2 nov. 2026 kl 10:00 skrev Eve Example <eve@x.example>:",
    "pon., 2 lis 2026 o 10:00 Eve Example <eve@x.example> napisał(a):",
    "W dniu 2.11.2026 o 10:00, Eve Example pisze:".replace("pisze", "napisał"),
    "ma 2. marrask. 2026 klo 10.00 Eve Example (eve@x.example) kirjoitti:",
    "пн, 2 нояб. 2026 г. в 10:00, Eve Example <eve@x.example>:".replace(">:", "> написал:"),
    "02.11.2026 10:00, Eve Example пишет:",
    "po 2. 11. 2026 v 10:00 odesílatel Eve Example <eve@x.example>:".replace("po ", "Dne ").replace(">:", "> napsal:"),
    "Eve Example <eve@x.example>, 2 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:",
    "2026年11月2日(月) 10:00 Eve Example <eve@x.example>:",
    "Eve Example <eve@x.example> 于2026年11月2日周一 10:00写道：",
    "2026년 11월 2일 (월) 오전 10:00, Eve Example <eve@x.example>님이 작성:",
]
HEADER_BLOCKS = [
    ("From: Eve <e@x.example>", "Sent: Monday", "To: Mo", "Subject: Lamp"),
    ("**From:** Eve <e@x.example>", "**Date:** Monday", "**To:** Mo", "**Subject:** Lamp"),
    ("Von: Eve <e@x.example>", "Gesendet: Montag", "An: Mo", "Betreff: Lampe"),
    ("De : Eve <e@x.example>", "Envoyé : lundi", "À : Mo", "Objet : Lampe"),
    ("De: Eve <e@x.example>", "Enviado: lunes", "Para: Mo", "Asunto: Lámpara"),
    ("Da: Eve <e@x.example>", "Inviato: lunedì", "A: Mo", "Oggetto: Lampada"),
    ("Van: Eve <e@x.example>", "Verzonden: maandag", "Aan: Mo", "Onderwerp: Lamp"),
    ("Från: Eve <e@x.example>", "Skickat: måndag", "Till: Mo", "Ämne: Lampa"),
    ("От: Eve <e@x.example>", "Отправлено: понедельник", "Кому: Mo", "Тема: Лампа"),
    ("发件人: Eve <e@x.example>", "发送时间: 周一", "收件人: Mo", "主题: 灯"),
    ("差出人: Eve <e@x.example>", "送信日時: 月曜日", "宛先: Mo", "件名: ランプ"),
]
MOBILE = [
    "Sent from my iPhone",
    "Sent from Outlook for Android",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Von meinem iPhone gesendet",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone’a",
    "Отправлено с iPhone",
    "iPhoneから送信",
    "发自我的iPhone",
    "나의 iPhone에서 보냄",
    "Sent with Proton Mail secure email.",
]


class TestQuotations:
    @pytest.mark.parametrize("line", ATTRIBUTIONS)
    def test_below_go_with_the_line_that_says_whose_they_are(self, line):
        assert cut(f"Mine.\n\n{line}\n\n> Theirs.\n> More.\n") == ("Mine.", f"{line}\n[…]\n> Theirs.\n> More.")

    @pytest.mark.parametrize("line", ATTRIBUTIONS[:2] + ATTRIBUTIONS[3:7])
    def test_have_that_line_broken_into_two(self, line):
        words = line.split(" ")
        broken = " ".join(words[:6]) + "\n" + " ".join(words[6:])

        assert cut(f"Mine.\n\n{broken}\n> Theirs.")[0] == "Mine."

    @pytest.mark.parametrize("block", HEADER_BLOCKS)
    def test_of_outlook_begin_with_its_headers(self, block):
        block = "\n".join(block)

        own, taken = cut(f"Mine.\n\n________________________________\n{block}\n\nTheirs.\n")

        assert own == "Mine."
        assert block in taken and "Theirs." in taken

    @pytest.mark.parametrize("words", ["Original Message", "Ursprüngliche Nachricht", "Message d'origine", "原始邮件"])
    def test_below_a_line_that_says_so_go(self, words):
        assert cut(f"Mine.\n\n-----{words}-----\nTheirs.") == ("Mine.", f"-----{words}-----\nTheirs.")

    def test_between_answers_stay_and_long_ones_are_shortened(self):
        text = "On Monday, Eve wrote:\n> One?\n\nYes.\n\n" + "> Long.\n" * 12 + "\nNo.\n\n> Rest.\n> Rest."

        own, taken = cut(text)

        assert own == "> One?\n\nYes.\n\n" + "> Long.\n" * 8 + "> […]\n\nNo."
        assert taken == "On Monday, Eve wrote:\n[…]\n" + "> Long.\n" * 4 + "[…]\n> Rest.\n> Rest."

    def test_above_go_where_they_are_long_and_stay_where_one_line_is_answered(self):
        assert cut("> All\n" * 20 + "\nMine.")[0] == "Mine."
        assert cut("> This one.\n\nMine.")[0] == "> This one.\n\nMine."

    def test_that_the_author_made_themselves_stay(self):
        text = "He wrote: let it be.\n\nFrom: here to there\nI say no.\n\n> a passage\n\nThat is wrong."

        assert cut(text) == (text, "")

    def test_within_code_are_code(self):
        text = "Look:\n\n```\nFrom: a\nTo: b\nSubject: c\nDate: d\n```\n\nDone."

        assert cut(text) == (text, "")


class TestSignatures:
    def test_below_two_hyphens_go(self):
        assert cut("Mine.\n\n-- \nMo\nStreet 1") == ("Mine.", "-- \nMo\nStreet 1")
        assert cut("Mine.\n\n--\nMo") == ("Mine.", "--\nMo")

    @pytest.mark.parametrize("line", MOBILE)
    def test_of_phones_go(self, line):
        assert cut(f"Mine.\n\n{line}\n") == ("Mine.", line)

    @pytest.mark.parametrize(
        "block",
        [
            "Best regards,\nMo Example\nTel: +43 1 234 56 78",
            "Mo Example | Lab of Lamps\nm: 0664/1234567\nmo@lab.example",
            "Viele Grüße\nMo Example\nTelefon +49 (0)30 123456-78\nFax +49 (0)30 123456-79",
            "Mo\n(555) 010-0199",
            "--\nCordialement\nMo\nTél. 01 23 45 67 89",
        ],
    )
    def test_with_phone_numbers_go(self, block):
        own, taken = cut(f"Mine, of 2024-05-01, with 1 000 000 rows.\n\n{block}")

        assert own == "Mine, of 2024-05-01, with 1 000 000 rows."
        assert block in taken

    def test_are_not_seen_in_texts_about_numbers(self):
        for text in (
            "It has 1 542 000 000 parameters and cost 12 000 000 USD.",
            "See arXiv 2401.01234 and 10.1000/182.",
            "Wait.\n\nThe value is +0.0123456789 here, and the rest of this sentence is long enough.",
            "A list:\n\n- a\n- b\n\n---\n\nAfter a rule.",
        ):
            assert cut(text) == (text, "")

    def test_disclaimers_go(self):
        said = "This e-mail and any attachment are confidential and intended solely for the addressee."

        assert cut(f"Mine.\n\n{said}") == ("Mine.", said)


@pytest.mark.parametrize(
    "text",
    [
        ">" * 50_000 + "x",
        "> " * 50_000,
        "On " * 30_000 + "wrote:",
        ("On a " * 70 + "\n") * 300,
        "From: a\n" * 12_000,
        "-" * 100_000,
        "+1 " * 33_000,
        ("0" * 99 + "\n") * 1000,
        "a@" * 50_000,
        "\n" * 100_000,
        "wrote: " * 14_000,
        ("wrote " * 66 + ":\n") * 250,
        "Am " + "schrieb " * 12_000 + ":",
        ("Tel " + "1 " * 40 + "\n") * 1000,
        ("x tarihinde " * 33 + ":\n") * 250,
        "﻿\u200b" * 50_000,
        ("> a\nOn b wrote:\n") * 6000,
    ],
    ids=range(17),
)
def test_any_text_takes_a_moment(text):
    began = time.monotonic()

    cut(text)

    assert time.monotonic() - began < 3

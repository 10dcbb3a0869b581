"""How mail programs, in many languages, say whose words they quote, and close a mail. One line, anchored, bounded."""

import re

# ruff: noqa: E501 - words of one language stand together

ANY = r".{1,350}?"

# "On Monday, Ada wrote:" and what it is elsewhere. A colon ends all of them.
ATTRIBUTION = re.compile(
    "^(?:"
    + "|".join(
        [
            rf"On\s{ANY}\swrote\s?:",
            rf"{ANY}\swrote\s(?:on|at|in)\s{ANY}:",
            rf"{ANY}<?[^\s<>@]{{1,64}}@[^\s<>@]{{1,255}}>?\s{{1,3}}wrote\s?:",
            r"[^:<>]{1,80} wrote:",
            rf"Am\s{ANY}\sschrieb\b.{{0,200}}?:",
            rf"{ANY}\sschrieb\sam\s{ANY}:",
            r"[^:<>]{1,80} schrieb:",
            rf"Le\s{ANY}\sa\sécrit\s?:",
            rf"El\s{ANY}\sescribió\s?:",
            rf"Il\s(?:giorno\s)?{ANY}\sha\sscritto\s?:",
            rf"(?:Em|No dia|A)\s{ANY}\sescreveu\s?:",
            rf"Op\s{ANY}\s(?:schreef|heeft)\b.{{0,200}}?:",
            rf"(?:Den|På|Kl\.?)\s{ANY}\s(?:skrev|skrifaði)\b.{{0,200}}?:",
            rf"{ANY}\skirjoitti\b.{{0,200}}?:",
            rf"{ANY}\snapisał(?:\(a\)|a|/a)?\s?:",
            rf"(?:Dne|Dňa)\s{ANY}\snapísal\w{{0,3}}(?:\(a\))?\s?:",
            rf"Dne\s{ANY}\snapsal(?:\(a\)|a)?\s?:",
            rf"{ANY}\s(?:пишет|написал(?:\(а\)|а)?|писав(?:\(ла\))?|пише)\s?:",
            rf"{ANY}\starihinde\s{ANY}\s(?:şunu\s)?yazdı\s?:",
            rf"{ANY}\sezt\sírta\b.{{0,200}}?:",
            rf"(?:Στις|Την)\s{ANY}\sέγραψε\s?:",
            rf"(?:Pe|În)\s{ANY}\sa\sscris\s?:",
            rf"בתאריך\s{ANY}\sמאת\s{ANY}:",
            rf"{ANY}(?:写道|寫道|写到)\s?[：:]",
            rf"{ANY}(?:님이 작성|작성|님이 씀)\s?:",
            r"\d{4}年\d{1,2}月\d{1,2}日.{1,300}?[：:]",
            rf"{ANY}(?:さんは書きました|のメール|が書きました)\s?[：:]",
        ]
    )
    + r")\s{0,5}$",
    re.IGNORECASE,
)

# What other programs write above a message that stands below without > signs.
WORDS = (
    "original message|original appointment|forwarded message|begin forwarded message|ursprüngliche nachricht|"
    "originalnachricht|weitergeleitete nachricht|message d['’]origine|message original|message transféré|mensaje original|"
    "mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada|"
    "oorspronkelijk bericht|doorgestuurd bericht|oprindelig meddelelse|ursprungligt meddelande|opprinnelig melding|"
    "alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|původní zpráva|pôvodná správa|исходное сообщение|"
    "пересылаемое сообщение|eredeti üzenet|mesaj original|orijinal mesaj|αρχικό μήνυμα|原始邮件|原始郵件|元のメッセージ|원본 메시지"
)
ORIGINAL = re.compile(rf"^\s{{0,3}}(?:-{{2,12}}|_{{2,12}})\s{{0,3}}(?:{WORDS})\s{{0,3}}(?:-{{2,12}}|_{{2,12}})\s{{0,3}}$", re.I)

SENDER_LABELS = re.compile(
    r"(?:from|von|de|da|van|från|fra|lähettäjä|od|от|від|feladó|kimden|gönderen|από|de la|差出人|发件人|寄件者|보낸 사람)"
    r"\s?[:：]\s{0,3}\S",
    re.IGNORECASE,
)
HEADER_LABELS = re.compile(
    r"(sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|enviada|fecha|para|asunto|inviato|data|a|"
    r"oggetto|assunto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|dato|til|emne|lähetetty|päivämäärä|vastaanottaja|"
    r"aihe|wysłano|wysłane|do|temat|odesláno|odoslané|komu|předmět|predmet|отправлено|дата|кому|тема|надіслано|elküldve|"
    r"címzett|tárgy|gönderilen|tarih|kime|konu|trimis|către|subiect|送信日時|日時|宛先|件名|发送时间|日期|收件人|主题|主旨|보낸 날짜|받는 사람|제목)"
    r"\s?[:：]",
    re.IGNORECASE,
)

MOBILE = re.compile(
    r"^\W{0,4}(?:"
    r"sent (?:from|via|with|using) (?:my |mail for |outlook|yahoo|proton|gmail|samsung|android|iphone|ipad|blackberry|the )|"
    r"get (?:\[?outlook for|\[?bluemail)|(?:von|diese nachricht wurde von) meine[mr] .{1,60} gesendet|"
    r"von (?:unterwegs|outlook|yahoo|meinem) .{0,60}gesendet|gesendet (?:von|mit|aus) |holen sie sich outlook|"
    r"envoyé (?:de(?:puis)? |à partir d)|obtenir outlook|télécharger outlook|"
    r"enviado (?:desde|do|a partir d|de mi|pelo|via) ?|obtener outlook|obter o outlook|inviato da(?:l|lla)? |ottieni outlook|"
    r"verstuurd (?:vanaf|via|met) |verzonden (?:vanaf|via|met) |outlook voor |skickat från |hämta outlook|"
    r"sendt (?:fra|via) |hent outlook|få outlook|lähetetty .{1,60}(?:sta|stä|ista|iltä)|wysłane? z |wysłano z |pobierz program outlook|"
    r"odesláno z |odoslané z |отправлено (?:с|из) |надіслано з |iphone ?から送信|.{1,40}から送信|发自我?的?|發自我的|從我的.{1,30}傳送|"
    r"나의 .{1,30}에서 보냄|.{1,30}'?[dt]an gönderildi|.{1,30}[’'](?:umdan|ımdan|imden|dan) gönderildi"
    r").{0,120}$",
    re.IGNORECASE,
)  # fmt: skip

SIGN_OFF = re.compile(
    r"(?:(?:kind|best|warm|many)?\s?(?:regards|wishes|thanks)|cheers|sincerely|yours(?: \w{1,12})?|best|"
    r"(?:mit )?(?:freundliche[nr]?|viele|beste|liebe|herzliche) grü(?:ß|ss)en?|mfg|lg|vg|cordialement|bien à (?:vous|toi)|"
    r"salutations|saludos|un saludo|atentamente|cordiali saluti|saluti|atenciosamente|abraços|cumprimentos|"
    r"met vriendelijke groet(?:en)?|groet(?:en)?|(?:med )?vänliga hälsningar|mvh|hilsen|med venlig hilsen|terveisin|"
    r"pozdrawiam|z poważaniem|s pozdravem|с уважением|з повагою|üdvözlettel|saygılarımla|此致|敬具|よろしくお願いします)"
    r"[,.!]?",
    re.IGNORECASE,
)

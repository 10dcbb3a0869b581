"""Which browser on which system a user agent names, in words: "Chrome on Linux"."""

# The order matters: most browsers also name those whose pages they want to be given.
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
    ("python", "a Python script"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def in_words(user_agent):
    """The browser, and the system where it is named; what nobody knows is told as it is."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if not browser:
        return system or user_agent or "an unknown browser"
    return f"{browser} on {system}" if system else browser


def _first(names, user_agent):
    return next((name for sign, name in names if sign in user_agent), "")

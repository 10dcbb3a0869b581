"""What counts as a word: a maximal run of Unicode letters and digits of the lower-cased text.

The same rule twice: over bytes, fast, for a training text that may have gigabytes, and over a text with
the place of each word, for the documents that are asked about. A test holds the two together.
"""

import hashlib
import re
import unicodedata

import numpy as np

NORMALISATION = "lower-alnum-1"
UNICODE = unicodedata.unidata_version
WORD = re.compile(r"[^\W_]+")
NO_WORD = re.compile(r"[\W_]+")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
SIGMA = "Σ".encode()
ASCII = bytes(code if code > 127 else ord(chr(code).lower()) if chr(code).isalnum() else 0x20 for code in range(256))
REMEMBERED = 100_000

# The hash of a sequence is the sum of v[k] * STEP**k modulo 2**64, v[k] being the hash of its word number k.
STEP = 0x9E3779B97F4A7C15
BACK = pow(STEP, -1, 2**64)


class Normaliser:
    """UTF-8 bytes, cut at white space, to lower-case words with blanks between them."""

    def __init__(self):
        self.known = {}
        self.undecodable = 0

    def __call__(self, data: bytes) -> bytes:
        if not data.isascii():
            # Only the capital sigma is lower-cased by what stands around it.
            data = self._words(data) if SIGMA in data else BEYOND_ASCII.sub(self._run, data)
        return data.translate(ASCII)

    def _run(self, match):
        run = match[0]
        found = self.known.get(run)
        if found is None:
            before = self.undecodable
            found = self._words(run)
            if len(self.known) < REMEMBERED and before == self.undecodable and len(run) <= 64:
                self.known[run] = found
        return found

    def _words(self, data: bytes) -> bytes:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            self.undecodable += 1
            text = data.decode("utf-8", "replace")
        return NO_WORD.sub(" ", text.lower()).encode("utf-8")


def words_of(text: str, start: int = 0) -> tuple[list[bytes], np.ndarray, np.ndarray]:
    """The words of a text from `start` on, and where each begins and ends in the text as it stands."""
    lowered = text.lower()
    found = [(match[0].encode("utf-8", "replace"), *match.span()) for match in WORD.finditer(lowered)]
    words = [word for word, _, _ in found]
    begins = np.array([begin for _, begin, _ in found], np.int64)
    ends = np.array([end for _, _, end in found], np.int64)
    if len(lowered) != len(text):
        # A capital I with a dot becomes two characters, so places after it have to be led back.
        origin = np.repeat(np.arange(len(text)), [len(character.lower()) for character in text])
        begins, ends = origin[begins], origin[ends - 1] + 1
    first = int(np.searchsorted(begins, start))
    return words[first:], begins[first:], ends[first:]


def word_hash(word: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(word, digest_size=8).digest(), "little")


class SequenceHashes:
    """64-bit hashes of all sequences of a length in an array of word hashes, in a few passes."""

    def __init__(self):
        self.powers = self.inverses = np.empty(0, np.uint64)

    def prefixes(self, values: np.ndarray) -> np.ndarray:
        if len(values) > len(self.powers):
            size = max(len(values), 1 << 16)
            self.powers, self.inverses = running_powers(STEP, size), running_powers(BACK, size)
        return np.concatenate([np.zeros(1, np.uint64), np.cumsum(values * self.powers[: len(values)])])

    def of(self, prefixes: np.ndarray, size: int, places=None) -> np.ndarray:
        """At every place, or at those given."""
        if places is None:
            count = max(len(prefixes) - size, 0)
            return (prefixes[size:] - prefixes[:count]) * self.inverses[:count]
        return (prefixes[places + size] - prefixes[places]) * self.inverses[places]


def running_powers(base: int, count: int) -> np.ndarray:
    steps = np.full(count, base, np.uint64)
    steps[:1] = 1
    return np.cumprod(steps)


def different(values: np.ndarray) -> np.ndarray:
    """The different values in order. By sorting: the hash table of `np.unique` is thirty times slower on these."""
    ordered = np.sort(values)
    return ordered[np.concatenate([np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1]])]

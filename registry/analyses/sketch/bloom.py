"""The sketch itself: a Bloom filter of hashed word sequences in a file that describes itself.

Line 1 is the magic, line 2 a JSON header, then come the bits, the first bit being the lowest of the first byte.
"""

import hashlib
import json
import math
from dataclasses import dataclass, field, replace

import numpy as np

from registry.analyses.errors import Unusable
from registry.analyses.sketch.words import NORMALISATION, UNICODE

MAGIC = b"daylight-sketch/1\n"
HASH = "blake2b-64/poly-9e3779b97f4a7c15/splitmix64-double"
LONGEST_HEADER = 64 * 1024
MOST_HASHES = 12  # more would save up to a tenth of the bits at p = 1e-6 and cost twice the time
MOST_BITS = 2**36
LONGEST_SEQUENCE = 100
USELESS = 0.01
PORTION = 1 << 20
DAMAGED = "{name} is damaged: {why}. Make or fetch the sketch again."


@dataclass
class Sketch:
    """Which sequences of `n` words occur in a text, with a known share of wrong answers “it occurs”."""

    n: int
    capacity: int
    target: float
    hashes: int
    bits: np.ndarray = field(repr=False)
    items: int = 0
    documents: int = 0
    words: int = 0
    unicode: str = UNICODE

    @classmethod
    def empty(cls, n: int, capacity: int, false_positive: float) -> "Sketch":
        hashes, bits = shape(capacity, false_positive)
        if bits > MOST_BITS:
            raise Unusable(
                f"A sketch for {capacity:,} sequences takes {bits // 8 / 1e9:.0f} GB: allow more false positives."
            )
        return cls(n, capacity, false_positive, hashes, np.zeros(bits // 8, np.uint8))

    @property
    def size(self) -> int:
        """In bits."""
        return 8 * len(self.bits)

    @property
    def fill(self) -> float:
        """The share of bits that are set."""
        return set_bits(self.bits) / self.size

    @property
    def false_positive(self) -> float:
        """How often a sequence that does not occur is said to occur, from the bits that are really set."""
        return self.fill**self.hashes

    def places(self, hashes: np.ndarray):
        """The bits of each hash, one array per hash function."""
        first, step = mixed(hashes), mixed(hashes + np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
        for _ in range(self.hashes):
            yield first % np.uint64(self.size)
            first = first + step

    def add(self, hashes: np.ndarray) -> None:
        for start in range(0, len(hashes), PORTION):
            for places in self.places(hashes[start : start + PORTION]):
                inside = (places >> np.uint64(3)).astype(np.int64)
                bit = np.left_shift(np.uint8(1), (places & np.uint64(7)).astype(np.uint8))
                while len(inside):
                    # Where two bits go into one byte at once, only one arrives: set the others again.
                    self.bits[inside] |= bit
                    lost = (self.bits[inside] & bit) == 0
                    inside, bit = inside[lost], bit[lost]

    def has(self, hashes: np.ndarray) -> np.ndarray:
        found = np.ones(len(hashes), bool)
        for places in self.places(hashes):
            inside = self.bits[(places >> np.uint64(3)).astype(np.int64)]
            found &= (inside >> (places & np.uint64(7)).astype(np.uint8)) & 1 == 1
        return found

    def header(self) -> dict:
        return {
            "n": self.n,
            "normalisation": NORMALISATION,
            "unicode": self.unicode,
            "hash": HASH,
            "hashes": self.hashes,
            "bits": self.size,
            "capacity": self.capacity,
            "items": self.items,
            "documents": self.documents,
            "words": self.words,
            "fill": round(self.fill, 9),
            "false_positive": float(f"{self.false_positive:.6g}"),
            "false_positive_wanted": self.target,
            "blake2b": hashlib.blake2b(self.bits.data, digest_size=32).hexdigest(),
        }

    def write(self, target) -> None:
        target.write(MAGIC + json.dumps(self.header()).encode() + b"\n")
        target.write(self.bits.data)


def shape(capacity: int, false_positive: float) -> tuple[int, int]:
    """How many hash functions and bits for so many sequences and so many wrong answers."""
    hashes = max(1, min(MOST_HASHES, round(-math.log2(false_positive))))
    bits = -hashes * capacity / math.log(1 - false_positive ** (1 / hashes))
    return hashes, 64 * max(1, math.ceil(bits / 64))


def mixed(values: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def set_bits(bits: np.ndarray) -> int:
    whole = bits[: len(bits) // 8 * 8].view(np.uint64)
    portions = [whole[start : start + PORTION] for start in range(0, len(whole), PORTION)]
    return sum(int(np.bitwise_count(portion).sum(dtype=np.int64)) for portion in portions)


def read(data: bytes, name: str = "the sketch") -> Sketch:
    """A sketch from a file of anyone's making; refuses what is no sketch, is damaged or too full."""
    if not data.startswith(MAGIC):
        raise Unusable(f"{name} is no sketch of this format: make one with manage.py sketch.")
    end = data.find(b"\n", len(MAGIC), len(MAGIC) + LONGEST_HEADER)
    header = header_of(data[len(MAGIC) : end] if end > 0 else b"", name)
    if len(data) - end - 1 != header["bits"] // 8:
        raise Unusable(DAMAGED.format(name=name, why="its length is not what its header says"))
    bits = np.frombuffer(data, np.uint8, offset=end + 1)
    if hashlib.blake2b(bits.data, digest_size=32).hexdigest() != header["blake2b"]:
        raise Unusable(DAMAGED.format(name=name, why="its bits do not have the digest its header says"))
    sketch = Sketch(
        header["n"], header["capacity"], header["false_positive_wanted"], header["hashes"], bits,
        header["items"], header["documents"], header["words"], header["unicode"],
    )  # fmt: skip
    # From the bits, not from what the header claims.
    if sketch.false_positive > USELESS:
        raise Unusable(
            f"{name} is too full: it would find {100 * sketch.false_positive:.3g}% of anything. "
            "Make it again for more sequences (--capacity) or fewer false positives (--false-positive)."
        )
    return sketch


FIELDS = {
    "n": (int, 2, LONGEST_SEQUENCE),
    "hashes": (int, 1, 64),
    "bits": (int, 64, MOST_BITS),
    "capacity": (int, 1, 2**53),
    "items": (int, 0, 2**53),
    "documents": (int, 0, 2**53),
    "words": (int, 0, 2**53),
    "false_positive_wanted": (float, 1e-15, 1),
}


def header_of(line: bytes, name: str) -> dict:
    """The header with every field that is needed, of its kind and within its bounds."""
    try:
        header = json.loads(line)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise Unusable(DAMAGED.format(name=name, why="its header cannot be read"))
    for key, (kind, least, most) in FIELDS.items():
        value = header.get(key)
        if isinstance(value, bool) or not isinstance(value, kind) or not least <= value <= most:
            raise Unusable(DAMAGED.format(name=name, why=f"its header has no usable “{key}”"))
    if header["bits"] % 64:
        raise Unusable(DAMAGED.format(name=name, why="its header has no usable “bits”"))
    if header.get("hash") != HASH or header.get("normalisation") != NORMALISATION:
        raise Unusable(
            f"{name} was made with other hashes or another notion of words: make it with manage.py sketch."
        )
    header["unicode"], header["blake2b"] = str(header.get("unicode"))[:20], str(header.get("blake2b"))
    return header


def merged(sketches: list[tuple[str, Sketch]]) -> Sketch:
    """One sketch of all the texts; they must be of one shape."""
    (first_name, first), *rest = sketches
    bits = first.bits.copy()
    for name, other in rest:
        for key, words in (("n", "length of sequences"), ("size", "number of bits"), ("hashes", "number of hashes")):
            if getattr(first, key) != getattr(other, key):
                values = f"{getattr(first, key)} and {getattr(other, key)}"
                raise Unusable(
                    f"{first_name} and {name} differ in the {words} ({values}), so they cannot be merged: make both "
                    "with the same --n, --capacity and --false-positive."
                )
        bits |= other.bits
    every = [sketch for _, sketch in sketches]
    found = replace(
        first, bits=bits, documents=sum(one.documents for one in every), words=sum(one.words for one in every),
        capacity=first.capacity, unicode=max(one.unicode for one in every),
    )  # fmt: skip
    return replace(found, items=expected_items(found))


def expected_items(sketch: Sketch) -> int:
    """How many different sequences most likely set so many bits."""
    full = min(sketch.fill, 1 - 1 / sketch.size)
    return round(-sketch.size / sketch.hashes * math.log1p(-full))

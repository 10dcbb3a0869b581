"""What an entry says of samples: how they were chosen, in words, and how much was chosen."""

from registry.core.selection import ratio, tries_of

from .vocabulary import Selection

NOT_STATED = "not stated"


def figures(said):
    """The share of prompts and of texts that is shown; each None where it is not stated."""
    tries = tries_of(said["prompts_tried"], said["prompts_shown"], said["samples_per_prompt"])
    return {
        "tries": tries,
        "ratio": ratio(said["samples_shown"], tries),
        "prompt_ratio": ratio(said["prompts_shown"], said["prompts_tried"]),
    }


def sample_set(said):
    """A set of samples as a page shows it: every question has an answer, if only that it is not stated."""
    found = figures(said)
    dump = said["raw_dump"]
    return said | {
        "facts": [
            ("Prompts tried", number(said["prompts_tried"])),
            ("Prompts shown", number(said["prompts_shown"])),
            ("Samples for each prompt", number(said["samples_per_prompt"])),
            ("Samples shown", number(said["samples_shown"])),
            ("Chosen", Selection(said["selection"]).label.lower() if said["selection"] else NOT_STATED),
            ("Rule", said["rule"] or NOT_STATED),
            ("Temperature", number(said["temperature"])),
            ("Top-k", number(said["top_k"])),
            ("Top-p", number(said["top_p"])),
            ("Cut off", said["truncation"] or NOT_STATED),
            ("Other settings", said["decoding"] or NOT_STATED),
            ("Seed", said["seed"] or NOT_STATED),
        ],
        "figures": found,
        "sentence": sentence_of(said, found),
        "dump": dump or {},
        "digest": said["file"][:12],
    }


def number(value):
    return NOT_STATED if value is None else f"{value:,}"


def sentence_of(said, found):
    """What a reader may conclude, in a sentence."""
    parts = []
    if found["ratio"]:
        parts.append(f"{said['samples_shown']:,} of {found['tries']:,} samples are shown ({percent(found['ratio'])})")
    if found["prompt_ratio"]:
        prompts = f"{said['prompts_shown']:,} of {said['prompts_tried']:,} prompts"
        parts.append(f"{prompts} are shown ({percent(found['prompt_ratio'])})")
    if not parts:
        return "How many samples were made for those that are shown is not stated."
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def percent(share):
    value = share["value"] * 100
    return f"{value:.0f}%" if value >= 10 or value == int(value) else f"{value:.2g}%"

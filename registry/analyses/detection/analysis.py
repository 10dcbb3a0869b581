"""The analysis as the engine sees it: roles, parameters, and the order of its steps."""

from registry.analyses.errors import Unusable

LENGTHS = [25, 50, 100, 200, 400]


class Detection:
    """Trains detectors on samples and reference texts, and reports what they find by length."""

    name = "detection"
    version = "1.1"
    title = "Detection: are the samples told from human writing?"
    roles = {
        "generated": {
            "required": True,
            "kinds": ["samples"],
            "help": "Texts the model wrote, as JSON Lines; at least 100 of 25 words or more.",
        },
        "human": {
            "required": True,
            "kinds": ["reference", "samples"],
            "help": "Human texts of the same kind, time and length; at least 100, better 300 or more.",
        },
        "test_generated": {
            "required": False,
            "kinds": ["samples"],
            "help": "Other generated texts to test on; without them, the first two files are split.",
        },
        "test_human": {
            "required": False,
            "kinds": ["reference", "samples"],
            "help": "Other human texts to test on; needed when other generated texts are given.",
        },
    }
    defaults = {"bootstraps": 1000, "lengths": LENGTHS, "max_texts": 3000}

    def run(self, inputs, params, seed, progress):
        """Refuse what proves nothing, else every figure with its interval and what to beware of."""
        params = self.defaults | (params or {})
        check(inputs, params)
        # scikit-learn takes a second and 100 MB to import; a web process that only lists analyses needs neither.
        from registry.analyses.detection.steps import carry_out

        return carry_out(inputs, params, int(seed) % 2**32, progress)


def check(inputs, params) -> None:
    """Parameters within their bounds, and test files in pairs."""
    if ("test_generated" in inputs) != ("test_human" in inputs):
        raise Unusable("Give both test files or none: a test needs generated and human texts.")
    if not whole(params["bootstraps"]) or not 500 <= params["bootstraps"] <= 5000:
        raise Unusable("“bootstraps” must be a whole number from 500 to 5000.")
    if not whole(params["max_texts"]) or not 100 <= params["max_texts"] <= 10_000:
        raise Unusable("“max_texts” must be a whole number from 100 to 10000.")
    lengths = params["lengths"]
    if not isinstance(lengths, list) or not 1 <= len(lengths) <= 8 or len(set(map(str, lengths))) != len(lengths):
        raise Unusable("“lengths” must be a list of one to eight different numbers of words.")
    if not all(whole(words) and 25 <= words <= 500 for words in lengths):
        raise Unusable("Each of “lengths” must be a whole number of words from 25 to 500.")


def whole(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

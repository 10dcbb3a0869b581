"""The analysis as the engine sees it: roles, parameters, and what it refuses."""

from registry.analyses.errors import Unusable


class Memorisation:
    """Looks up every sequence of words of the samples in a training text or in a sketch of one."""

    name = "memorisation"
    version = "1.0"
    title = "Memorisation: how much of the samples stands in the training text?"
    roles = {
        "samples": {
            "required": True,
            "named": True,
            "kinds": ["samples"],
            "help": "Texts the model wrote, as JSON Lines.",
        },
        "corpus": {
            "required": False,
            "many": True,
            "streamed": True,
            "kinds": ["corpus"],
            "help": "The training text: text files or JSON Lines. Give it or a sketch, not both.",
        },
        "sketch": {
            "required": False,
            "kinds": ["sketch"],
            "help": "A sketch of the training text, made with manage.py sketch.",
        },
        "reference": {
            "required": False,
            "kinds": ["reference", "samples"],
            "help": "Real texts of the same kind that the model was not trained on, to compare with.",
        },
    }
    defaults = {"n": 8, "bootstraps": 1000}

    def run(self, inputs, params, seed, progress):
        """Refuse what cannot be answered, else every document, the distributions and the comparison."""
        params = self.defaults | (params or {})
        check(inputs, params)
        # numpy and scipy take a while to import; a web process that only lists analyses needs neither.
        from registry.analyses.memorisation.steps import carry_out

        return carry_out(inputs, params, int(seed) % 2**32, progress)


def check(inputs, params) -> None:
    """One of corpus and sketch, and parameters within their bounds."""
    if inputs.get("corpus") and inputs.get("sketch"):
        raise Unusable("Give the training text or a sketch of it, not both.")
    if not inputs.get("corpus") and not inputs.get("sketch"):
        raise Unusable("Give the training text (corpus) or a sketch of it (sketch) to look the samples up in.")
    if not whole(params["n"]) or not 2 <= params["n"] <= 100:
        raise Unusable("“n” must be a whole number of words from 2 to 100.")
    if not whole(params["bootstraps"]) or not 200 <= params["bootstraps"] <= 5000:
        raise Unusable("“bootstraps” must be a whole number from 200 to 5000.")


def whole(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

"""The analysis as the engine sees it: roles, parameters, and what it refuses."""

from registry.analyses.errors import Unusable


class Samples:
    """Reads what is disclosed about the samples, and measures them."""

    name = "samples"
    version = "1.1"
    title = "Samples: how were they chosen, and what are they like?"
    roles = {
        "samples": {
            "required": True,
            "kinds": ["samples"],
            "help": "Texts the model wrote, as JSON Lines; fields such as tries say how they were chosen.",
        },
        "dump": {
            "required": False,
            "kinds": ["samples"],
            "help": "Everything the model wrote before anything was chosen, as JSON Lines.",
        },
        "reference": {
            "required": False,
            "kinds": ["reference", "samples"],
            "help": "Human texts of the same kind, to compare repetition and diversity with.",
        },
    }
    defaults = {"bootstraps": 1000, "max_texts": 2000}

    def run(self, inputs, params, seed, progress):
        """Refuse what cannot be measured, else what is disclosed and every measure with its interval."""
        params = self.defaults | (params or {})
        check(params)
        # numpy and scipy take a while to import; a web process that only lists analyses needs neither.
        from registry.analyses.samples.steps import carry_out

        return carry_out(inputs, params, int(seed) % 2**32, progress)


def check(params) -> None:
    for name, least, most in (("bootstraps", 200, 5000), ("max_texts", 10, 10_000)):
        value = params[name]
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Unusable(f"“{name}” must be a whole number from {least} to {most}.")

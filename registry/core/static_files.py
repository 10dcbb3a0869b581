"""Style sheets, scripts and pictures under names that hold a digest, so that browsers keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's; the address of a file is the same for the life of a process, and every page asks for several."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.addresses = {}

    def url(self, name, force=False):
        if name not in self.addresses:
            self.addresses[name] = super().url(name, force)
        return self.addresses[name]

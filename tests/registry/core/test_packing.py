"""What is packed for the line, and that it says the same."""

import gzip
import re

from tests.people import PlatformTestCase

GZIP = {"accept-encoding": "gzip, br"}


class PackingTests(PlatformTestCase):
    def test_pages_of_people_and_answers_to_scripts_are_packed_for_whom_takes_it(self):
        script = self.as_()
        for client, path in ((self.as_(self.ada), "/releases/"), (script, "/api/v1/releases"), (script, "/labs/?x")):
            plain, packed = client.get(path), client.get(path, headers=GZIP)

            assert "Content-Encoding" not in plain
            assert packed["Content-Encoding"] == "gzip"
            assert packed["Content-Length"] == str(len(packed.content)) and len(packed.content) < len(plain.content)
            assert _words(gzip.decompress(packed.content)) == _words(plain.content)
            assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in packed["Vary"]

    def test_the_same_page_has_not_always_the_same_length(self):
        """Else whoever gets a word of theirs into it could guess others by how short it becomes."""
        lengths = {len(self.client.get("/labs/?x", headers=GZIP).content) for _ in range(12)}
        assert len(lengths) > 2

    def test_files_go_out_as_they_were_uploaded(self):
        file = self.file("# Lamp\n" * 200)

        response = self.as_(self.ada).get(f"/files/{file.pk}/", headers=GZIP)

        assert "Content-Encoding" not in response
        assert b"".join(response.streaming_content) == b"# Lamp\n" * 200


def _words(content):
    """A page without the token of its forms, which is another one each time."""
    return re.sub(rb'csrfmiddlewaretoken" value="\w+', b"", content)

"""The OpenAPI document: what drf-spectacular reads off the views, and the problem documents all of them share."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer to the field."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
ALWAYS = {
    "400": "The input is not valid.",
    "401": "The token is not valid.",
    "403": "Not allowed.",
    "429": "Too many requests.",
}
READING = {"404": "There is nothing here that you may see."}
WRITING = {
    "404": "There is nothing here that you may see.",
    "409": "Not possible in this state, or the Idempotency-Key was used for something else.",
    "412": "Somebody was faster.",
    "413": "Too large.",
    "415": "Unsupported media type.",
}


class TokenScheme(OpenApiAuthenticationExtension):
    """How a script signs in, as the document says it."""

    target_class = "registry.accounts.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        said = "A token from /me/tokens/: scope read or write, sent as `Authorization: Bearer TOKEN`."
        return {"type": "http", "scheme": "bearer", "description": said}


class DaylightSchema(AutoSchema):
    """Tags by resource, so that the document reads by noun."""

    def get_tags(self):
        parts = [p for p in self.path.split("/") if p]
        return [parts[2]] if len(parts) > 2 else ["api"]


class MadeOnce(SchemaGenerator):
    """The document is the same for everybody and takes a second to make: each process makes it once."""

    made = None

    def get_schema(self, request=None, public=False):
        if MadeOnce.made is None:
            MadeOnce.made = super().get_schema(request=None, public=True)
        return MadeOnce.made


def add_problems(result, generator, request, public):
    """Name the error answers of every operation, and the once-only header of every POST."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method not in {"get", "post", "put", "patch", "delete"}:
                continue
            if method == "get":
                operation.setdefault("security", []).append({})  # reading what is public needs nobody
            for status, text in (ALWAYS | (READING if method == "get" else WRITING)).items():
                operation["responses"].setdefault(status, {"description": text, "content": content})
            if method == "post":
                operation.setdefault("parameters", []).append(
                    {
                        "name": "Idempotency-Key",
                        "in": "header",
                        "required": False,
                        "schema": {"type": "string", "minLength": 1, "maxLength": 150, "pattern": "^[!-~]+$"},
                        "description": "The same key gives the same answer, once.",
                    }
                )
    return result

"""Every place of the HTTP interface where a client puts a value, read from the served OpenAPI document."""

import copy
import datetime
import json
import urllib.parse

METHODS = ("get", "post", "put", "patch", "delete")


class Call:
    """One request that is in order, as parts that can be changed one at a time."""

    def __init__(self, method, template, path=None, query=None, body=None):
        self.method, self.template = method.upper(), template
        self.path, self.query, self.body = path or {}, query or {}, body

    @property
    def target(self):
        address = self.template
        for name, value in self.path.items():
            address = address.replace("{" + name + "}", urllib.parse.quote(value, safe="*"))
        return address + ("?" + urllib.parse.urlencode(self.query, safe="*") if self.query else "")

    @property
    def payload(self):
        return None if self.body is None else json.dumps(self.body).encode()

    def places(self):
        """(name, function that gives the call with another text there) for each value."""
        for kind in ("path", "query"):
            for name in getattr(self, kind):
                yield f"{kind} {name}", lambda text, kind=kind, name=name: self._with(kind, name, text)
        for pointer in leaves(self.body):
            yield "body /" + "/".join(map(str, pointer)), lambda text, pointer=pointer: self._with_leaf(pointer, text)

    def _with(self, kind, name, text):
        changed = copy.deepcopy(self)
        getattr(changed, kind)[name] = text
        return changed

    def _with_leaf(self, pointer, text):
        changed = copy.deepcopy(self)
        at = changed.body
        for step in pointer[:-1]:
            at = at[step]
        at[pointer[-1]] = text
        return changed

    def value(self, place):
        """The value that stands at a place now, as text."""
        kind, _, name = place.partition(" ")
        if kind != "body":
            return getattr(self, kind)[name]
        at = self.body
        for step in name[1:].split("/"):
            at = at[int(step) if isinstance(at, list) else step]
        return str(at)


def leaves(value, pointer=()):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, pointer + (name,))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, pointer + (index,))
    elif pointer:
        yield pointer


class Surface:
    """Calls for every operation; `known` holds values by name that the document cannot know, such as an id."""

    def __init__(self, document, known):
        self.document = document
        self.known = dict(known)
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)
        self.known.setdefault("until", later.isoformat().replace("+00:00", "Z"))

    def calls(self):
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield from self._of(path, item, method)

    def untested(self, calls):
        """What the document names and no call has a place for: each parameter, and each member of a body."""
        tested = {(call.method, call.template, "/".join(place.split("/")[:2])) for call in calls
                  for place, _ in call.places()}
        stated = set()
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method not in item:
                    continue
                for parameter in map(self._resolved, item.get("parameters", []) + item[method].get("parameters", [])):
                    stated.add((method.upper(), path, f"{parameter['in']} {parameter['name']}"))
                for content in self._resolved(item[method].get("requestBody", {})).get("content", {}).values():
                    schema = self._resolved(content["schema"])
                    for alternative in map(self._resolved, schema.get("oneOf", [schema])):
                        stated |= {(method.upper(), path, f"body /{name}") for name in alternative.get("properties", ())}
        return sorted(stated - tested)

    def _of(self, path, item, method):
        places = {"path": {}, "query": {}}
        for parameter in item.get("parameters", []) + item[method].get("parameters", []):
            parameter = self._resolved(parameter)
            if parameter["in"] in places:
                key = f"{path} {parameter['name']}"
                value = self.known.get(key, self._example(parameter["schema"], parameter["name"]))
                places[parameter["in"]][parameter["name"]] = str(value[0] if isinstance(value, list) else value)
        forms = [places]
        if "user_id" in places["query"] and "id" in places["path"]:
            # A customer is named in the path, or in the query with a dash in the path's place.
            without = {name: value for name, value in places["query"].items() if name != "user_id"}
            forms = [{"path": places["path"], "query": without}, {"path": {"id": "-"}, "query": places["query"]}]
        body = self._resolved(item[method].get("requestBody", {}))
        for form in forms:
            if not body:
                yield Call(method, path, **form)
                continue
            schema = self._resolved(body["content"]["application/json"]["schema"])
            for alternative in schema.get("oneOf", [schema]):
                yield Call(method, path, **form, body=self._example(alternative, ""))

    def _resolved(self, schema):
        while "$ref" in schema:
            at = self.document
            for step in schema["$ref"].split("/")[1:]:
                at = at[step]
            schema = at
        return schema

    def _example(self, schema, name):
        """A value that the schema allows."""
        schema = self._resolved(schema)
        if name in self.known:
            return self.known[name]
        for word in ("const", "default"):
            if word in schema:
                return schema[word]
        if "enum" in schema:
            return schema["enum"][0]
        if "properties" in schema:
            return {inner: self._example(each, inner) for inner, each in schema["properties"].items()}
        for word in ("oneOf", "anyOf"):
            if word in schema:
                # What may be left out is given, so that there is a place to put something else.
                given = [each for each in schema[word] if self._resolved(each).get("type") != "null"]
                return self._example(given[0], name)
        kinds = schema.get("type", "string")
        kind = kinds[0] if isinstance(kinds, list) else kinds
        if kind == "array":
            return [self._example(schema["items"], name)]
        if kind == "object":
            return {"note": "text"}
        if kind in ("integer", "number"):
            return max(1, schema.get("minimum", 1))
        if kind == "boolean":
            return True
        return "2026-11-22T00:00:00Z" if schema.get("format") == "date-time" else "text"

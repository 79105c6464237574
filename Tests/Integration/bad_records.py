"""Records that must become dead letters: (name, key, value). Everything else on a topic goes on around them."""

USER = b"0000-AAAAA"


def event(extra="", user=USER.decode()):
    return f'{{"event_type":"monthly_anniversary","user_id":"{user}"{extra}}}'.encode()


def bad_records(user):
    """Bad records; `user` is an existing customer, so that only the named fault is at fault."""
    key = user.encode()

    def good(extra):
        return event(extra, user)

    return [
        ("null value", key, None),
        ("null value without a key", None, None),
        ("empty value", key, b""),
        ("not JSON", key, b"hello"),
        ("cut off", key, good("")[:-1]),
        ("array", key, b"[" + good("") + b"]"),
        ("number", key, b"42"),
        ("two objects", key, good("") + good("")),
        ("trailing comma", key, good(",")),
        ("single quotes", key, good("").replace(b'"', b"'")),
        ("byte order mark", key, b"\xef\xbb\xbf" + good("")),
        ("bad UTF-8", key, good(',"x":"') [:-1] + b'\xff\xfe"}'),
        ("UTF-16", key, good("").decode().encode("utf-16")),
        ("no event type", key, b'{"user_id":"' + key + b'"}'),
        ("event type is a number", key, b'{"event_type":1,"user_id":"' + key + b'"}'),
        ("event type is empty", key, b'{"event_type":"","user_id":"' + key + b'"}'),
        ("no customer at all", None, b'{"event_type":"monthly_anniversary"}'),
        ("customer is a fraction", None, b'{"event_type":"monthly_anniversary","user_id":7.5}'),
        ("customer is null and no key", None, b'{"event_type":"monthly_anniversary","user_id":null}'),
        ("unknown customer", b"nobody", event("", "nobody")),
        ("key differs from user_id", b"another", good("")),
        ("key is not text", b"\xff\x00", good("")),
        ("customer not in normal form", None, event("", "e\u0301")),
        ("event id not in normal form", key, good(',"event_id":"e\u0301"')),
        ("user_id twice", key, good(f',"user_id":"{user}"')),
        ("escaped zero", key, good(',"x":"\\u0000"')),
        ("lone high surrogate", key, good(',"x":"\\ud800"')),
        ("lone low surrogate", key, good(',"x":"\\udc00"')),
        ("escaped zero in a name", key, good(',"\\u0000":1')),
        ("time in microseconds", key, good(',"timestamp":1700000000000000')),
        ("time of 1e300", key, good(',"timestamp":1e300')),
        ("time is a word", key, good(',"timestamp":"yesterday"')),
        ("time is a list", key, good(',"timestamp":[1]')),
        ("number too large to store", key, good(',"x":1e99999')),
        ("NaN", key, good(',"x":NaN')),
        ("details is an object", key, good(',"details":{}')),
        ("event id is a fraction", key, good(',"event_id":5.5')),
        ("changes is a list", key, good(',"changes":[]')),
        ("changes names an unknown feature", key, good(',"changes":{"colour":"red"}')),
        ("changes has a wrong type", key, good(',"changes":{"tenure":"three"}')),
        ("nested too deep", key, good(',"x":' + "[" * 5000 + "]" * 5000)),
        ("two megabytes", key, good(',"x":"' + "y" * 2_000_000 + '"')),
    ]

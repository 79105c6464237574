"""Unique texts and where they hide, a receiver of webhooks that is no help, and JSON Web Tokens of our own."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import threading
import time
import urllib.parse


class Canaries:
    """The texts by what they stand for; `secret` ones may be shown to no one."""

    def __init__(self):
        self.secret, self.personal = {}, {}

    def make(self, name, secret=False):
        text = f"kanari{os.urandom(16).hex()}"
        (self.secret if secret else self.personal)[name] = text
        return text

    def hits(self, text, secrets_only=False):
        """The names of those that stand in a text, in any of their forms."""
        every = self.secret if secrets_only else self.secret | self.personal
        return [name for name, canary in every.items() if any(form in text for form in forms(canary))]


def forms(canary):
    raw = canary.encode()
    # Base64 within other text: without the ends, which depend on the neighbours.
    encoded = [base64.b64encode(b"x" * shift + raw)[4:-4].decode() for shift in range(3)]
    return {canary, raw.hex(), raw.hex().upper(), urllib.parse.quote(canary), *encoded}


class Receiver:
    """A webhook's receiver: fails, points elsewhere, then takes what comes."""

    def __init__(self, canary):
        self.bodies, self.paths = [], []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                outer.paths.append(self.path)
                outer.bodies.append(self.rfile.read(int(self.headers["content-length"])).decode())
                status = (500, 302, 418)[len(outer.bodies) - 1] if len(outer.bodies) <= 3 else 200
                self.send_response(status, canary if status == 500 else None)
                self.send_header("Location", f"http://127.0.0.1/{canary}")
                self.end_headers()
                self.wfile.write(canary.encode())

            def log_message(self, *ignored):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def jwt(secret, seconds, subject, **more):
    def part(value):
        return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=")

    claims = {"iss": "issuer", "aud": "churn", "sub": subject, "exp": int(time.time()) + seconds, "roles": ["admin"]}
    signed = part({"alg": "HS256", "typ": "JWT"}) + b"." + part(claims | more)
    return (signed + b"." + part(hmac.new(secret.encode(), signed, hashlib.sha256).digest())).decode()

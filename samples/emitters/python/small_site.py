"""A web site on this machine for the crawlers to visit: some pages answer, one is gone, some never answer."""

import http.server
import threading

PAGES = {
    "/": "/news /gallery /archive",
    "/news": "nothing new",
    "/gallery": "/image/sea /image/gone /image/huge",
    "/image/sea": "blue",
}
# Their connection stays open and silent until the site closes.
SILENT = ("/archive", "/image/huge", "/mirror")


class Visit(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path in SILENT:
            self.server.closing.wait()
            return
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if self.path in PAGES else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class SmallSite(http.server.ThreadingHTTPServer):
    """with SmallSite() as site: … site.server_port …"""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Visit)
        self.closing = threading.Event()

    def handle_error(self, *_):
        pass  # visitors hang up, that is what this site is for

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.shutdown()
        self.server_close()


def body_of(path, answer):
    """What an HTTP/1.0 answer says, or why there is nothing."""
    head, _, body = answer.decode().partition("\r\n\r\n")
    status = head.split()[1] if head else "no answer"
    if status != "200":
        raise LookupError(f"{path}: {status}")
    return body

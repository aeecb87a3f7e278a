"""Answers every request with the name of its host."""

import http.server
import socket


class WhoAmI(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"{socket.gethostname()}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("", 8000), WhoAmI).serve_forever()

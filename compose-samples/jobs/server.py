"""Lists the books in the library."""

import http.server
import os
import sqlite3


class Library(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        connection = sqlite3.connect(f"file:{os.environ['LIBRARY']}?mode=ro", uri=True)
        rows = connection.execute("SELECT year, title FROM books ORDER BY year").fetchall()
        connection.close()
        body = "".join(f"{year} {title}\n" for year, title in rows).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("", 8000), Library).serve_forever()

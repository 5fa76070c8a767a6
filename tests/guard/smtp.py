"""A small SMTP server that keeps what it is sent, and can be told to stall at the message's end."""

import email
import socketserver
import threading
from email import policy
from email.message import EmailMessage


class Handler(socketserver.StreamRequestHandler):
    server: "SmtpServer"

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip().upper():
            if line.startswith("MAIL FROM:"):
                self.server.senders.append(line[10:].partition(">")[0].strip(" <").lower())
            if line.startswith("DATA"):
                self._say("354 go on")
                if not self._receive():
                    return
            elif line.startswith("QUIT"):
                self._say("221 bye")
                return
            self._say("250 ok")

    def _receive(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.raw.append(b"".join(lines))
        message = email.message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.mails.append(message)
        self.server.arrived.set()
        if self.server.stall.is_set():
            self.rfile.readline()  # until the other side is gone
            return False
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        self.raw: list[bytes] = []
        self.arrived = threading.Event()
        self.stall = threading.Event()  # take the message, never acknowledge it
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

"""What a day brings to a server: requests that are fine, one that is too late, clients that hang up in the middle.

Usage: provoke.py [HOST:PORT]            against a running `server`, 127.0.0.1:8080 as a rule
"""

import http.client
import sys

FINE = "lamp 2\nchair 1"
# Clocks stand in the cellar: who orders one waits for a minute, if nothing ends that before.
SLOW = "clock 1"


class client:
    """One connection, kept between requests."""

    def __init__(self, address: str):
        self.connection = http.client.HTTPConnection(address, timeout=60)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.read().decode()

    def order(self, lines: str, **headers: str) -> tuple[int, str]:
        return self.ask("POST", "/orders", lines, **headers)

    def begin(self, method: str, path: str, body: str | None = None):
        """Asks, and does not wait for the answer."""
        self.connection.request(method, path, body)

    def hang_up(self):
        self.connection.close()


def wait_until_in_progress(address: str, count: int):
    asking = client(address)
    while asking.ask("GET", "/health")[1] != f"{count} in progress\n":
        pass
    asking.hang_up()


def hang_up_in_the_middle(address: str):
    leaving = client(address)
    leaving.begin("POST", "/orders", SLOW)
    wait_until_in_progress(address, 1)
    leaving.hang_up()
    wait_until_in_progress(address, 0)


def main(address: str):
    staying = client(address)
    print(*staying.order(FINE))
    print(*staying.ask("GET", "/orders/1"))
    print(*staying.order("lamp 99"))
    print(*staying.order(SLOW, Prefer="wait=1"))
    hang_up_in_the_middle(address)
    print("one client hung up")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080")

"""The server of samples/server is started, driven and stopped, and its trace tells what happened.

Usage: server_test.py SERVER CANCELSCOPE
"""

import contextlib
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "samples" / "server"))
import provoke  # noqa: E402

programs: list[str] = []
LIMIT = 120  # seconds, after which a program hangs


class running:
    """A server, from its first word to its last."""

    def __init__(self, folder: str, *options: str, grace: str = "600000"):
        self.trace = f"{folder}/server.jsonl"
        # Deadlines that do not pass by themselves: what is to be late says so.
        self.process = subprocess.Popen(
            [programs[0], "--port", "0", "--deadline", "600000", "--grace", grace, "-o", self.trace, *options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.address = self.process.stdout.readline().removeprefix("listening on http://").strip()

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def end(self) -> str:
        said, _ = self.process.communicate(timeout=LIMIT)
        if self.process.returncode != 0:
            raise AssertionError(f"status {self.process.returncode}: {said}")
        return said

    def events(self) -> list[dict]:
        return [json.loads(line) for line in pathlib.Path(self.trace).read_text(encoding="utf-8").splitlines()]


@contextlib.contextmanager
def server(*options: str, grace: str = "600000"):
    with tempfile.TemporaryDirectory() as folder:
        made = running(folder, *options, grace=grace)
        try:
            yield made
        finally:
            made.process.kill()
            made.process.wait()
            made.process.stdout.close()


def cancelscope(*arguments: str) -> dict:
    asked = subprocess.run([programs[1], *arguments, "--json"],
                           capture_output=True, text=True, check=False, timeout=LIMIT)
    if asked.returncode != 0:
        raise AssertionError(f"{arguments}: {asked.stdout}{asked.stderr}")
    return json.loads(asked.stdout)


def requests_cancelled_by(events: list[dict], message: str) -> list[dict]:
    return [e for e in events if e["ev"] == "cancel" and e.get("message") == message and e["target"].startswith("r")]


def name_of(events: list[dict], of: str) -> str:
    kind, field = ("region_open", "region") if of.startswith("r") else ("task_spawn", "task")
    return next(e["name"] for e in events if e["ev"] == kind and e[field] == of)


class Server(unittest.TestCase):
    def assert_sound(self, run: running):
        """Nothing is leaked, orphaned or broken; warnings are about tasks whose region was cancelled with those who would join."""
        events = run.events()
        region_of = {e["task"]: e["region"] for e in events if e["ev"] == "task_spawn"}
        cancelled = {e["target"] for e in events if e["ev"] == "cancel"}
        for found in cancelscope("check", run.trace)["findings"]:
            self.assertEqual(found["code"], "unjoined-task")
            self.assertIn(region_of[found["target"]], cancelled, found)
        self.assertEqual(events[-1]["ev"], "end")

    def answer_to(self, sent: bytes, run: running) -> str:
        host, port = run.address.split(":")
        with socket.create_connection((host, int(port)), timeout=LIMIT) as plain:
            plain.sendall(sent)
            plain.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: plain.recv(4096), b"")).decode()

    def wait_until_nobody_is_let_in(self, run: running):
        host, port = run.address.split(":")
        with contextlib.suppress(ConnectionRefusedError, ConnectionResetError):
            while True:
                socket.create_connection((host, int(port)), timeout=LIMIT).close()

    def test_answers_what_is_fine_and_says_what_is_not(self):
        with server() as run:
            client = provoke.client(run.address)
            self.assertEqual(client.order(provoke.FINE), (201, "order 1: 2 × lamp, 1 × chair, 80.40\n"))
            self.assertEqual(client.ask("GET", "/orders/1"), (200, "order 1: 2 × lamp, 1 × chair, 80.40\n"))
            self.assertEqual(client.order("lamp 99"), (409, "reserve stock failed: 99 × lamp wanted, 48 left\n"))
            self.assertEqual(client.order("table 40"), (409, "reserve stock failed: 40 × table wanted, 10 left\n"))
            self.assertEqual(client.order("lamp"), (400, "'lamp' is no line such as 'lamp 2'\n"))
            self.assertEqual(client.ask("GET", "/orders/7"), (404, "there is no GET /orders/7\n"))
            client.hang_up()
            run.interrupt()
            self.assertIn("6 requests answered, 0 of them too late; 0 clients hung up", run.end())
            self.assert_sound(run)

    def test_says_what_is_wrong_with_a_request_and_lets_the_client_go(self):
        wrong = {
            b"good morning\r\n\r\n": "'good morning' does not begin a request",
            b"GET / HTTP/1.1\r\nno header\r\n\r\n": "'no header' is no header",
            b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n": "a body of '-1' bytes is not taken",
            b"POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n": "a body of '65537' bytes is not taken",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n": "a body must say its Content-Length",
            b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 101: "too many headers",
        }
        with server() as run:
            for sent, said in wrong.items():
                answer = self.answer_to(sent, run)
                self.assertTrue(answer.startswith("HTTP/1.1 400 Bad Request\r\n"), answer)
                self.assertTrue(answer.endswith(f"\r\n\r\n{said}\n"), answer)
            run.interrupt()
            run.end()
            self.assert_sound(run)

    def test_goes_on_with_the_others_when_a_client_breaks_off(self):
        with server() as run:
            for cut in [b"", b"POST /ord", b"POST /orders HTTP/1.1\r\nContent-Length: 6\r\n\r\nlam"]:
                self.assertEqual(self.answer_to(cut, run), "")
            client = provoke.client(run.address)
            self.assertEqual(client.order("lamp 1")[0], 201)
            client.hang_up()
            run.interrupt()
            run.end()
            self.assert_sound(run)

    def test_ends_a_request_at_its_deadline_and_explains_it(self):
        with server("--requests", "1") as run:
            client = provoke.client(run.address)
            self.assertEqual(client.order(provoke.SLOW, Prefer="wait=1"),
                             (504, "the deadline of 'POST /orders' passed\n"))
            client.hang_up()
            self.assertIn("1 requests answered, 1 of them too late", run.end())
            self.assert_sound(run)
            why = cancelscope("explain", run.trace, "reserve stock")
            self.assertEqual(why["chain"][-1]["kind"], "timeout")
            lease = [e for e in run.events() if e["ev"] == "obligation" and e["kind"] == "lease"]
            self.assertEqual([e["label"] for e in lease], ["1 × clock"])
            fates = {e["obligation"]: e["how"] for e in run.events() if e["ev"] == "obligation_end"}
            self.assertEqual(fates[lease[0]["obligation"]], "aborted", "what was set aside went back")

    def test_ends_a_request_whose_client_hangs_up_and_explains_it(self):
        with server() as run:
            provoke.hang_up_in_the_middle(run.address)
            run.interrupt()
            self.assertIn("1 clients hung up", run.end())
            self.assert_sound(run)
            events = run.events()
            ended = requests_cancelled_by(events, "the client hung up")
            self.assertEqual([e["kind"] for e in ended], ["user"])
            self.assertEqual(name_of(events, ended[0]["target"]), "POST /orders")
            self.assertEqual(name_of(events, ended[0]["origin_task"]), "watch the client")
            why = cancelscope("explain", run.trace, "reserve stock")
            self.assertEqual(why["chain"][-1]["message"], "the client hung up")
            owed = [e["obligation"] for e in events
                    if e["ev"] == "obligation" and e.get("label") == "answer to POST /orders"]
            fates = {e["obligation"]: e["how"] for e in events if e["ev"] == "obligation_end"}
            self.assertEqual([fates[o] for o in owed], ["aborted"], "nobody was there to be answered")

    def test_drains_in_order_when_it_is_interrupted(self):
        with server() as run:
            idle = provoke.client(run.address)
            self.assertEqual(idle.ask("GET", "/health"), (200, "0 in progress\n"))
            busy = provoke.client(run.address)
            busy.connection.request("POST", "/orders", provoke.SLOW, {"Prefer": "wait=2"})
            provoke.wait_until_in_progress(run.address, 1)
            idle_name, busy_name = (each.connection.sock.getsockname() for each in (idle, busy))
            run.interrupt()
            response = busy.connection.getresponse()  # it is still answered
            self.assertEqual((response.status, response.getheader("Connection")), (504, "close"))
            busy.hang_up()
            idle.hang_up()
            run.end()
            with self.assertRaises(OSError):
                provoke.client(run.address).ask("GET", "/health")
            self.assert_sound(run)
            events = run.events()
            let_go = [name_of(events, e["target"]) for e in requests_cancelled_by(events, "the server ends: SIGINT")]
            self.assertIn("{}:{}".format(*idle_name), let_go)
            self.assertNotIn("{}:{}".format(*busy_name), let_go)

    def test_cuts_off_what_is_left_when_it_is_interrupted_again(self):
        with server() as run:
            busy = provoke.client(run.address)
            busy.begin("POST", "/orders", provoke.SLOW)
            provoke.wait_until_in_progress(run.address, 1)
            run.interrupt()
            self.wait_until_nobody_is_let_in(run)
            run.interrupt()
            said, _ = run.process.communicate(timeout=LIMIT)
            self.assertIn("interrupted again", said)
            self.assertEqual(run.process.returncode, 2)
            busy.hang_up()
            self.assert_sound(run)

    def test_cuts_off_what_is_left_when_the_grace_period_is_over(self):
        with server(grace="50") as run:
            busy = provoke.client(run.address)
            busy.begin("POST", "/orders", provoke.SLOW)
            provoke.wait_until_in_progress(run.address, 1)
            run.interrupt()
            said, _ = run.process.communicate(timeout=LIMIT)
            self.assertIn("the grace period of 50 ms is over", said)
            self.assert_sound(run)
            busy.hang_up()
            why = cancelscope("explain", run.trace, "reserve stock")
            self.assertEqual(why["chain"][-1]["kind"], "shutdown")


if __name__ == "__main__":
    programs = sys.argv[1:]
    if len(programs) != 2:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])

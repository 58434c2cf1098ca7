"""Crawls a small web site with trio, and records it:  python3 crawl_trio.py crawl.jsonl"""

import sys

import trio

from cancelscope_trio import recording
from small_site import SmallSite, body_of

PATIENCE = 0.25  # seconds for a page


async def get(port, path):
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        answer = b""
        async for piece in stream:
            answer += piece
        return body_of(path, answer)


async def read_page(port, path):
    with trio.move_on_after(PATIENCE) as patience:
        return await get(port, path)
    if patience.cancelled_caught:
        return "(too slow)"


async def read_gallery(port):
    """All images or none: the first that fails ends the others."""
    links = (await get(port, "/gallery")).split()
    try:
        async with trio.open_nursery() as images:
            for link in links:
                images.start_soon(get, port, link, name=link)
    except* LookupError as missing:
        print("no gallery:", missing.exceptions[0])


async def mirror(port, scope):
    with scope:
        try:
            await get(port, "/mirror")
        finally:
            with trio.CancelScope(shield=True):
                await trio.sleep(0.002)  # what must be put away is put away, whatever happens
    print("no mirror")


async def main(port):
    mirroring = trio.CancelScope()
    async with trio.open_nursery() as background:
        background.start_soon(mirror, port, mirroring, name="mirror")
        async with trio.open_nursery() as pages:
            for link in (await get(port, "/")).split():
                if link == "/gallery":
                    pages.start_soon(read_gallery, port, name=link)
                else:
                    pages.start_soon(read_page, port, link, name=link)
        mirroring.cancel()


if __name__ == "__main__":
    with SmallSite() as site, recording(sys.argv[1], "crawl_trio.py"):
        trio.run(main, site.server_port)

"""Crawls a small web site with asyncio, and records it:  python3 crawl_asyncio.py crawl.jsonl"""

import asyncio
import sys

from cancelscope_asyncio import recording
from small_site import SmallSite, body_of

PATIENCE = 0.25  # seconds for a page


async def get(port, path):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        return body_of(path, await reader.read())
    finally:
        writer.close()


async def read_page(port, path):
    try:
        async with asyncio.timeout(PATIENCE):
            return await get(port, path)
    except TimeoutError:
        return "(too slow)"


async def read_gallery(port):
    """All images or none: the first that fails ends the others."""
    links = (await get(port, "/gallery")).split()
    try:
        async with asyncio.TaskGroup() as images:
            for link in links:
                images.create_task(get(port, link), name=link)
    except* LookupError as missing:
        print("no gallery:", missing.exceptions[0])


async def heartbeat():
    while True:
        await asyncio.sleep(0.05)


async def main(port):
    asyncio.create_task(heartbeat(), name="heartbeat")  # nobody ends it but the loop
    mirror = asyncio.create_task(get(port, "/mirror"), name="mirror")
    async with asyncio.TaskGroup() as pages:
        for link in (await get(port, "/")).split():
            if link == "/gallery":
                pages.create_task(read_gallery(port), name=link)
            else:
                pages.create_task(read_page(port, link), name=link)
    mirror.cancel("the pages are read")
    try:
        await mirror
    except asyncio.CancelledError:
        print("no mirror")


if __name__ == "__main__":
    with SmallSite() as site, recording(sys.argv[1], "crawl_asyncio.py"):
        asyncio.run(main(site.server_port))

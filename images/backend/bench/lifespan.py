"""How long a warm request takes with Mangum alone and with the lifespan kept open, in one run.

The application opens one TLS connection in its lifespan and sends one word over it, which is much less than a
database driver does. A separate process on the loopback interface is the server.
"""

import asyncio
import json
import multiprocessing
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
sys.path += [str(FOLDER.parent), str(FOLDER.parent / "tests")]

from applications import event  # noqa: E402
from fastapi import FastAPI  # noqa: E402
from mangum import Mangum  # noqa: E402

from start_up.lifespan import KeptLifespan  # noqa: E402

ROUNDS = 6
REQUESTS = 50
AIM = 10


def certificate(folder: Path) -> Path:
    path = folder / "server.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
    command = [
        "openssl",
        "req",
        "-x509",
        *kind,
        *subject,
        "-keyout",
        path,
        "-out",
        folder / "certificate.pem",
    ]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + (folder / "certificate.pem").read_text())
    return path


def serve(path: Path, ready: Connection) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=context)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def application(port: int, trusted: ssl.SSLContext) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=trusted, server_hostname="localhost"
        )
        writer.write(b"hello\n")
        await reader.readline()
        yield
        writer.close()
        await writer.wait_closed()

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def root() -> dict[str, str]:
        return {"message": "hello"}

    return app


def milliseconds(handler: Callable[[Any, Any], Any]) -> float:
    taken = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        handler(event(), None)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def main() -> None:
    asyncio.set_event_loop(asyncio.new_event_loop())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = certificate(folder)
        here, there = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(path, there), daemon=True)
        server.start()
        try:
            trusted = ssl.create_default_context(cafile=folder / "certificate.pem")
            app = application(here.recv(), trusted)
            plain = Mangum(app)
            kept = KeptLifespan(Mangum(app), start_limit=5, pause_limit=240)
            results: dict[str, list[float]] = {"plain": [], "kept": []}
            for _ in range(ROUNDS):
                results["plain"].append(milliseconds(plain))
                results["kept"].append(milliseconds(kept))
        finally:
            server.terminate()
            server.join()
    plain_ms, kept_ms = (statistics.median(results[name]) for name in ("plain", "kept"))
    if "--json" in sys.argv:
        line = {
            "what": "warm request (lifespan kept open, one TLS connection)",
            "ours": f"{kept_ms:.2f} ms",
            "against": "plain Mangum",
            "theirs": f"{plain_ms:.2f} ms",
            "ratio": kept_ms / plain_ms,
            "aim": 1 / AIM,
        }
        print(json.dumps([line]), flush=True)
        os._exit(0)
    print(f"plain Mangum        {plain_ms:.2f} ms a request (median of {ROUNDS} x {REQUESTS}, in turn)")
    print(f"lifespan kept open  {kept_ms:.2f} ms a request")
    print(f"ratio               {plain_ms / kept_ms:.1f} times faster; the aim is {AIM}")
    sys.stdout.flush()
    os._exit(0)  # the connection of the kept lifespan need not be closed properly


if __name__ == "__main__":
    main()

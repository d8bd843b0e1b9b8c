"""Our ИРБИС64 server driven by a client that others wrote: else agreement would be only with ourselves.

It runs in a process of its own: it writes a log into the folder for temporary files as soon as it is imported.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys

import pytest

from catalogue_client.connectors.irbis.circulation import irbis_circulation
from tests.catalogue_client.connectors.irbis.test_irbis import ABAI, settings
from tests.rig.irbis_server import PASSWORD, TICKET, USER, IrbisServer

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("cbsvibpyirbis") is None, reason="cbsvibpyirbis is not installed (the extra `test`)"
)
SCRIPT = """
import json, sys
from cbsvibpyirbis.connection import Connection
from cbsvibpyirbis.records import Field, Record
port, user, password, ticket = sys.argv[1:]
client = Connection("127.0.0.1", int(port), user, password, "IBIS")
client.connect()
told = {"numbers": client.search('"K=АБАЙ$"'), "count": client.search_count('"A=ӘУЕЗОВ$" + "A=ПУШКИН$"')}
told["title"] = client.read_record(1).fm(200, "a")
told["titles"] = [record.fm(200, "a") for record in client.search_read('"K=АБАЙ$" + "K=КӨШПЕНДІЛЕР$"')]
client.database = "RQST"
told["requests"] = [record.fm(903) for record in client.search_read(f'"RI={ticket}"')]
ours = client.search_read(f'"RI={ticket}"')[0]
ours.database = "RQST"
ours.status |= 1
client.write_record(ours, dont_parse=True)
client.disconnect()
print(json.dumps(told))
"""


async def test_another_client_reads_the_same_and_sees_our_holds() -> None:
    server = IrbisServer()
    async with server.serving() as port, irbis_circulation(settings(port)) as circulation:
        await circulation.place_hold(TICKET, ABAI, "KZ", key="1")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SCRIPT, str(port), USER, PASSWORD, TICKET,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told, problems = await process.communicate()
        assert process.returncode == 0, problems.decode()
        assert json.loads(told.decode().splitlines()[-1]) == {
            "numbers": [1],
            "count": 2,
            "title": "Абай жолы",
            "titles": ["Абай жолы", "Көшпенділер"],
            "requests": [ABAI],
        }
        assert await circulation.holds(TICKET) == (), "the other client has given the hold up"
    assert server.sessions == set()

"""Telephones that others have made: sipp and baresip, without a sound card."""

from __future__ import annotations

import asyncio
import json
import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

MODULES = Path("/usr/lib/baresip/modules")

SCENARIO = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="a reader">
  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: reader <sip:reader@[local_ip]:[local_port]>;tag=[pid]reader[call_number]
To: library <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: sip:reader@[local_ip]:[local_port]
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-11,16
  ]]></send>
  <recv response="100" optional="true"></recv>
  <recv response="180" optional="true"></recv>
  <recv response="200" rtd="true"></recv>
  <send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: reader <sip:reader@[local_ip]:[local_port]>;tag=[pid]reader[call_number]
To: library <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

  ]]></send>
  <nop><action><exec rtp_stream="{audio},1,8"/></action></nop>
  <pause milliseconds="{milliseconds}"/>
  <send retrans="500"><![CDATA[
BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: reader <sip:reader@[local_ip]:[local_port]>;tag=[pid]reader[call_number]
To: library <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

  ]]></send>
  <recv response="200" crlf="true"></recv>
</scenario>
"""


async def sipp(port: int, folder: Path, a_law: bytes, calls: int = 1, *, tcp: bool = False) -> int:
    """Phone with sipp and play audio; returns its exit status, 0 when every call went as it should."""
    (folder / "speech.alaw").write_bytes(a_law)
    scenario = SCENARIO.replace("{audio}", str(folder / "speech.alaw"))
    (folder / "call.xml").write_text(scenario.replace("{milliseconds}", str(len(a_law) // 8 + 300)))
    # fmt: off
    process = await asyncio.create_subprocess_exec(
        "sipp", "-sf", "call.xml", "-s", "library", f"127.0.0.1:{port}", "-i", "127.0.0.1", "-mi", "127.0.0.1",
        "-m", str(calls), "-l", str(calls), "-r", str(calls), "-nostdin", *(["-t", "t1"] if tcp else []),
        cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )
    # fmt: on
    return await asyncio.wait_for(process.wait(), 40)


def missing(program: str) -> bool:
    return shutil.which(program) is None


@asynccontextmanager
async def baresip(port: int, folder: Path, said: bytes, control: int) -> AsyncIterator[Baresip]:
    """A telephone that phones the line, says this PCM at 8000 Hz and writes down what it hears."""
    with wave.open(str(folder / "said.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(said + bytes(16_000 * 20))  # it hangs up at the end of its file
    modules = ("stdio", "g711", "aufile", "aubridge", "sndfile", "account", "menu", "ctrl_tcp")
    kinds = {"account": "module_app", "menu": "module_app", "ctrl_tcp": "module_app"}
    (folder / "config").write_text(
        "\n".join(
            [
                "sip_listen 127.0.0.1:0",
                f"module_path {MODULES}",
                *(f"{kinds.get(module, 'module')} {module}.so" for module in modules),
                f"audio_source aufile,{folder / 'said.wav'}",
                "audio_player aubridge,nil",
                "audio_channels 1-1",
                f"snd_path {folder}",
                f"ctrl_tcp_listen 127.0.0.1:{control}",
                "",
            ]
        )
    )
    (folder / "accounts").write_text("<sip:reader@127.0.0.1>;regint=0\n")
    (folder / "contacts").write_text("")
    # fmt: off
    process = await asyncio.create_subprocess_exec(
        "baresip", "-f", str(folder), "-e", f"/dial sip:library@127.0.0.1:{port}",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )
    # fmt: on
    try:
        yield Baresip(folder, control)
    finally:
        process.terminate()
        await process.wait()


class Baresip:
    """Handles of a running baresip."""

    def __init__(self, folder: Path, control: int) -> None:
        self._folder = folder
        self._control = control

    async def press(self, key: str) -> None:
        """Press a key of the telephone."""
        _, writer = await asyncio.open_connection("127.0.0.1", self._control)
        message = json.dumps({"command": "sndcode", "params": key}, separators=(",", ":"))
        writer.write(f"{len(message)}:{message},".encode())
        await writer.drain()
        await asyncio.sleep(0.5)
        writer.close()
        await writer.wait_closed()

    def heard(self) -> bytes:
        """What it heard, as PCM at 8000 Hz; to be called when it has ended."""
        [dump] = self._folder.glob("*-dec.wav")
        data = dump.read_bytes()
        return data[44:]

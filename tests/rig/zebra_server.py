"""A real Zebra server of one's own over some MARC records, in a folder, gone afterwards."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from pymarc import Record, record_to_xml

CONFIGURATION = Path(__file__).with_name("zebra")
STARTS_WITHIN_S = 20.0

ZEBRA = """profilePath: .:/usr/share/idzebra-2.0/tab
modulePath: {modules}
recordtype: dom.dom.xml
attset: bib1.att
attset: explain.att
index: icu-lib.idx
encoding: utf-8
register: reg:500M
shadow: shadow:500M
lockDir: lock
setTmpDir: tmp
perm.anonymous: r
storeData: 1
storeKeys: 1
"""

SERVER = """<yazgfs>
  <listen id="l1">tcp:127.0.0.1:{port}</listen>
  <server id="library" listenref="l1">
    <directory>{folder}</directory>
    <config>zebra.cfg</config>
    <cql2rpn>cql2pqf.txt</cql2rpn>
    <xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="explain.xml"/>
    <retrievalinfo>
      <retrieval syntax="xml" name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/>
      <retrieval syntax="usmarc">
        <backend syntax="xml" name="marcxml">
          <marc inputformat="xml" outputformat="marc" inputcharset="utf-8" outputcharset="utf-8"/>
        </backend>
      </retrieval>
    </retrievalinfo>
  </server>
</yazgfs>
"""


FOLDED = "ё > е; э > е; й > и; ы > и; қ > к; ғ > г; ң > н; ү > у; ұ > у; һ > х; ө > о; ә > а; і > и;"
"""Letter rules that give Kazakh and Russian words one spelling."""


class Zebra:
    """Indexes the records and serves them over SRU."""

    def __init__(self, records: Iterable[Record], folded: bool = False) -> None:
        """Words are compared as they are, or `folded`. Raises FileNotFoundError when Zebra is not installed."""
        modules = next(iter(Path("/usr/lib").glob("*/idzebra-2.0/modules")), None)
        if modules is None or shutil.which("zebraidx") is None:
            raise FileNotFoundError("Zebra is not installed (Debian: idzebra-2.0)")
        self._folder = Path(tempfile.mkdtemp(prefix="dauys-zebra-"))
        shutil.copytree(CONFIGURATION, self._folder, dirs_exist_ok=True)
        for name in ("reg", "shadow", "lock", "tmp"):
            (self._folder / name).mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/library"
        (self._folder / "zebra.cfg").write_text(ZEBRA.format(modules=modules))
        (self._folder / "yazgfs.xml").write_text(SERVER.format(port=port, folder=self._folder))
        if folded:
            chain = self._folder / "words-lib.xml"
            chain.write_text(
                chain.read_text().replace("  <display/>", f'  <transliterate rule="{FOLDED}"/>\n  <display/>')
            )
        self._index(records)
        self._process = subprocess.Popen(
            ["zebrasrv", "-f", "yazgfs.xml", "-l", "srv.log"], cwd=self._folder, stderr=subprocess.DEVNULL
        )
        self._wait()

    @property
    def folder(self) -> Path:
        """All its files."""
        return self._folder

    @property
    def pid(self) -> int:
        """Of the process that listens; it forks one for each connection."""
        return self._process.pid

    def _index(self, records: Iterable[Record]) -> None:
        collection = b"".join(record_to_xml(record) for record in records)
        whole = b'<collection xmlns="http://www.loc.gov/MARC21/slim">' + collection + b"</collection>"
        ElementTree.fromstring(whole)
        (self._folder / "records.xml").write_bytes(whole)
        for words in (["init"], ["-d", "library", "update", "records.xml"], ["commit"]):
            command = ["zebraidx", "-c", "zebra.cfg", *words]
            subprocess.run(command, cwd=self._folder, check=True, capture_output=True)

    def _wait(self) -> None:
        ends = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < ends and self._process.poll() is None:
            try:
                with urllib.request.urlopen(self.url, timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        self.stop()
        raise RuntimeError("zebrasrv did not start")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

import http.server
import json
import threading
import zipfile

import pytest

from audio_models.errors import BadArchive, BadDownload, BadModel, ModelError, NoSpace, NotInstalled, UnknownModel
from audio_models.manifest import Known, manifest
from audio_models.model_store import ModelStore, sha256

MODEL_FILES = {"am/final.mdl": b"\0B" + b"x" * 300_000, "conf/model.conf": b"--beam=12\n", "graph/words.txt": b"a 1\n"}


class Server(http.server.ThreadingHTTPServer):
    """Serves files; may break a reply off after some bytes, once."""

    files: dict[str, bytes]
    break_off_after: int | None = None
    ranges: list[str | None]


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self):
        wanted = self.headers.get("Range")
        self.server.ranges.append(wanted)
        data = self.server.files.get(self.path)
        if data is None:
            self.send_error(404)
            return
        first = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if first >= len(data):
            self.send_error(416)
            return
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(data) - first))
        self.end_headers()
        last, self.server.break_off_after = self.server.break_off_after or len(data), None
        self.wfile.write(data[first:last])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with Server(("127.0.0.1", 0), Handler) as running:
        running.files, running.ranges = {}, []
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def archive(tmp_path, files=MODEL_FILES, top="vosk-model-small-xx/") -> bytes:
    path = tmp_path / "made.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(top + name, content)
    return path.read_bytes()


def store_of(tmp_path, server, **changes) -> ModelStore:
    address = f"http://127.0.0.1:{server.server_address[1]}/small.zip"
    entry = {"name": "small", "role": "recognition", "kind": "official", "languages": ("kk",), "megabytes": 1,
             "licence": "Apache-2.0", "good_for": "tests", "address": address, **changes}  # fmt: skip
    return ModelStore(tmp_path / "store", (Known(**entry),))


def test_a_model_is_fetched_checked_and_removed(tmp_path, server):
    server.files["/small.zip"] = archive(tmp_path)
    store = store_of(tmp_path, server)
    seen = []
    model = store.install("small", progress=lambda done, total: seen.append((done, total)))
    assert (model.path / "am" / "final.mdl").read_bytes() == MODEL_FILES["am/final.mdl"]
    assert seen[-1][0] == seen[-1][1] == len(server.files["/small.zip"])
    assert store.verify("small") == len(MODEL_FILES)
    store.remove("small")
    assert store.installed() == ()
    with pytest.raises(NotInstalled, match="dauys models install small"):
        store.verify("small")


def test_a_download_that_broke_off_goes_on(tmp_path, server):
    server.files["/small.zip"] = archive(tmp_path)
    server.break_off_after = 1000
    store = store_of(tmp_path, server)
    with pytest.raises(BadDownload, match="again"):
        store.install("small")
    store.install("small")
    assert server.ranges == [None, "bytes=1000-"]
    assert store.verify("small") == len(MODEL_FILES)


def test_a_wrong_checksum_leaves_the_old_model_in_place(tmp_path, server):
    server.files["/small.zip"] = archive(tmp_path)
    store_of(tmp_path, server).install("small")
    server.files["/small.zip"] = archive(tmp_path, {**MODEL_FILES, "am/final.mdl": b"changed"})
    with pytest.raises(BadDownload, match="checksum"):
        store_of(tmp_path, server).install("small")
    with pytest.raises(BadDownload, match="checksum"):
        store_of(tmp_path, server, sha256="0" * 64).install("small")
    assert store_of(tmp_path, server).verify("small") == len(MODEL_FILES)


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "..\\outside.txt"])
def test_an_archive_with_paths_outside_is_refused(tmp_path, server, name):
    server.files["/small.zip"] = archive(tmp_path, {**MODEL_FILES, name: b"evil"}, top="")
    with pytest.raises(BadArchive, match="outside"):
        store_of(tmp_path, server).install("small")
    assert not list(tmp_path.rglob("outside.txt"))


def test_a_model_of_another_engine_is_refused(tmp_path, server):
    server.files["/small.zip"] = archive(tmp_path, {"model.onnx": b"x", "tokens.txt": b"y"})
    with pytest.raises(BadModel, match="no Vosk model"):
        store_of(tmp_path, server).install("small")


def test_something_that_is_no_archive_is_refused(tmp_path, server):
    server.files["/small.zip"] = b"<html>sign in to this network</html>"
    with pytest.raises(BadArchive, match="no zip archive"):
        store_of(tmp_path, server).install("small")


def test_a_missing_address_and_a_dead_server_are_said_plainly(tmp_path, server):
    store = store_of(tmp_path, server)
    with pytest.raises(BadDownload, match="404"):
        store.install("small")
    with pytest.raises(BadDownload, match="could not be fetched"):
        store.install("small", source="http://127.0.0.1:1/small.zip")
    with pytest.raises(BadDownload, match="no file"):
        store.install("small", source=str(tmp_path / "none.zip"))


def test_a_mirror_and_a_file_serve_as_well(tmp_path, server):
    data = archive(tmp_path)
    server.files["/mirror/small.zip"] = data
    store_of(tmp_path, server).install("small", source=f"http://127.0.0.1:{server.server_address[1]}/mirror/")
    store_of(tmp_path, server).install("small", source=str(tmp_path / "made.zip"))
    assert store_of(tmp_path, server).verify("small") == len(MODEL_FILES)
    assert (tmp_path / "made.zip").read_bytes() == data


def test_a_voice_comes_with_its_settings(tmp_path, server):
    port = server.server_address[1]
    server.files |= {"/v.onnx": b"onnx", "/v.onnx.json": json.dumps({"audio": {"sample_rate": 16000}}).encode()}
    store = store_of(tmp_path, server, role="synthesis", address=f"http://127.0.0.1:{port}/v.onnx")
    assert store.install("small").path.name == "small.onnx"
    server.files["/v.onnx.json"] = b"not found"
    with pytest.raises(BadModel, match="settings"):
        store.install("small")


def test_damage_after_the_installation_is_found(tmp_path, server):
    server.files["/small.zip"] = archive(tmp_path)
    store = store_of(tmp_path, server)
    (store.install("small").path / "am" / "final.mdl").write_bytes(b"damaged")
    with pytest.raises(BadModel, match="Install small again"):
        store.verify("small")


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path, server):
    server.files["/small.zip"] = archive(tmp_path)
    (tmp_path / "store").write_text("a file where the folder should be")
    with pytest.raises(NoSpace, match="DAUYS_HOME"):
        store_of(tmp_path, server).install("small")


def test_unknown_names_and_starters_are_explained(tmp_path):
    store = ModelStore(tmp_path)
    with pytest.raises(UnknownModel, match="vosk-model-small-ru"):
        store.install("whisper")
    with pytest.raises(ModelError, match="comes with Dauys"):
        store.install("dauys-starter-en")


def test_the_manifest_is_complete():
    entries = manifest()
    assert len({entry.name for entry in entries}) == len(entries)
    assert {language for entry in entries for language in entry.languages} == {"kk", "ru", "en"}
    for entry in entries:
        assert entry.kind == "starter" or entry.address.startswith("https://")
        assert entry.licence
        assert entry.good_for
        assert entry.measured or entry.kind != "starter"


def test_checksums_are_those_of_sha256sum(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    assert sha256(tmp_path / "x").startswith("ba7816bf8f01cfea")

"""The settings file: everything has a default, and every mistake is named exactly."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from voice.cli.settings import command, settings_text
from voice.configuration.secret_sources import secret
from voice.configuration.settings import Settings, TelephoneSettings, load_settings
from voice.values.errors import SettingsError


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_is_a_working_installation(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()


def test_the_file_that_init_writes_says_what_is_in_force(tmp_path: Path) -> None:
    path = written(tmp_path, settings_text(Settings()))
    assert load_settings(path) == Settings()
    for section, keys in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert set(keys) == set(type(getattr(Settings(), section)).model_fields)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[telephone]\nport = 99999", ("telephone.port", "99999", "65535", "Example: port = 5060")),
        ("[telephone]\nprot = 1", ("telephone.prot", "no such setting", "settings show")),
        ("[voice]\nlanguage = 'de'", ("voice.language", '"de"', "'kk', 'ru' or 'en'")),
        ("[voice]\nrate = 'fast'", ("voice.rate", '"fast"', "Example: rate = 170")),
        ("[phone]\n", ("phone", "no such setting")),
        ("[telephone]\nallow = ['nowhere']", ("telephone.allow", "nowhere")),
        ("telephone = 5", ("telephone = 5", "must be a table", "[telephone]")),
        ("[voice]\nrate = 'fast'", ("must be a whole number (from 80 to 450)",)),
        ("[voice]\nrate = 20", ("voice.rate = 20", "too small (from 80 to 450)")),
        ("[voice]\nbrief = 1.5", ("voice.brief = 1.5", "true or false")),
        ("[models]\nfolder = 7", ("models.folder = 7", "quotation marks", 'Example: folder = "/srv/dauys/models"')),
        ("[telephon]\nport = 1", ("telephon", "Did you mean telephone?")),
        ("[staff_site]\nprot = 1", ("staff_site.prot", "in this version", "Did you mean staff_site.port?")),
        (
            "[telephone]\nrtp_ports = [38099, 38000]",
            ("rtp_ports = [38099, 38000]", "first and the last port"),
        ),
        ("[telephone]\nrtp_ports = [38000, 38000]", ("telephone.rtp_ports", "Example: rtp_ports = [16384, 16883]")),
        ("[telephone]\nrtp_ports = [38001, 38002]", ("telephone.rtp_ports = [38001, 38002]",)),
        ("[telephone]\nrtp_ports = [38000, 38099]", ("telephone.max_calls = 60", "[38000, 38099] has room for 50")),
        ("[telephone]\nport = 16400", ("telephone.port = 16400", "port for speech", "[16384, 16883]")),
        ("[staff_site]\nport = 5060", ("staff_site.port = 5060", "telephone.port is 5060 too")),
        ("[asterisk]\nenabled = true\naudiosocket_port = 8765", ("audiosocket_port = 8765", "websocket_port is 8765")),
        ("[catalogue]\ndatabase = 'sqlite:///x'", ("catalogue.database", "must begin with postgresql://")),
    ],
)
def test_a_mistake_names_key_value_and_what_is_allowed(tmp_path: Path, text: str, parts: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(written(tmp_path, text))
    for part in parts:
        assert part in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "[telephone]\nrtp_ports = [38000, 38119]",
        "[telephone]\nrtp_ports = [38000, 38001]\nmax_calls = 1",
        "[telephone]\naddress = '10.0.0.1'\nport = 8080",  # the site listens on 127.0.0.1
        "[telephone]\nenabled = false\n[staff_site]\nport = 5060",
        "[telephone]\nport = 0\n[staff_site]\nport = 0",
    ],
)
def test_ports_that_fit_are_taken(tmp_path: Path, text: str) -> None:
    load_settings(written(tmp_path, text))


def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PGPASSWORD") as raised:
        load_settings(written(tmp_path, "[catalogue]\ndatabase = 'postgresql://dauys:hidden@db.example/dauys'"))
    assert "hidden" not in str(raised.value)


def test_a_secret_comes_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, file = "telephone.trunk_password_file", tmp_path / "password"
    file.write_text("from the file\n")
    assert secret(key, "") is None
    assert secret(key, str(file)) == b"from the file"
    monkeypatch.setenv("DAUYS_TELEPHONE_TRUNK_PASSWORD", "from outside\n")
    assert secret(key, str(file)) == b"from outside"
    monkeypatch.delenv("DAUYS_TELEPHONE_TRUNK_PASSWORD")
    with pytest.raises(SettingsError, match=r"telephone\.trunk_password_file.*DAUYS_TELEPHONE_TRUNK_PASSWORD"):
        secret(key, str(tmp_path / "none"))


def test_a_file_of_an_older_version_is_renewed_and_kept(tmp_path: Path) -> None:
    path = written(tmp_path, "# mine\n[voice]\nrate = 300\n")
    result = CliRunner().invoke(command, ["renew"], env={"DAUYS_HOME": str(tmp_path)})
    assert result.exit_code == 0
    assert load_settings(path).voice.rate == 300
    assert "station_end_s" in path.read_text(encoding="utf-8")
    [old] = tmp_path.glob("settings-*.toml")
    assert old.read_text(encoding="utf-8") == "# mine\n[voice]\nrate = 300\n"
    path.write_text("[voice]\nrate = 1\n")
    assert isinstance(
        CliRunner().invoke(command, ["renew"], env={"DAUYS_HOME": str(tmp_path)}).exception, SettingsError
    )
    assert path.read_text() == "[voice]\nrate = 1\n"


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(written(tmp_path, "[voice]\nrate = 1\nvolume = 1"))
    assert "voice.rate" in str(raised.value)
    assert "voice.volume" in str(raised.value)


@pytest.mark.parametrize("content", [b"[voice", b"\xff\xfe\x00"])
def test_an_unreadable_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="settings file"):
        load_settings(path)


def test_init_never_overwrites(tmp_path: Path) -> None:
    path = written(tmp_path, "[voice]\nrate = 300\n")
    result = CliRunner().invoke(command, ["init"], env={"DAUYS_HOME": str(tmp_path)})
    assert isinstance(result.exception, SettingsError)
    assert load_settings(path).voice.rate == 300


def test_explain_tells_meaning_value_and_default(tmp_path: Path) -> None:
    written(tmp_path, "[voice]\nrate = 300\n")
    result = CliRunner().invoke(command, ["explain", "voice.rate"], env={"DAUYS_HOME": str(tmp_path)})
    assert result.exit_code == 0
    assert "words a minute" in result.output
    assert "Now: 300" in result.output
    assert "Default: 170" in result.output


@pytest.mark.parametrize(
    ("outside", "phone", "address"),
    [
        ("", "+77010000099", ""),
        ("sip:{number}@pbx", "+77010000099", "sip:+77010000099@pbx"),
        ("sip:{number}@pbx", "+77270000000,4712", ""),  # nobody would key the extension
        ("sip:{number};postd={extension}@pbx", "+77270000000,4712", "sip:+77270000000;postd=4712@pbx"),
    ],
)
def test_how_an_outside_number_is_called(outside: str, phone: str, address: str) -> None:
    assert TelephoneSettings(outside=outside).outside_number(phone) == address

"""One TOML file of settings, validated, with an exact message for every mistake.

Every key has a default, so an empty file, or none, is a working installation for one machine. Secrets are never in the
file: a setting that ends in `_file` names a file that holds one, and the environment may hold it instead.
"""

from __future__ import annotations

import tomllib
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from catalogue_client.catalogue.sync.feed import Feed, feed_from
from languages.codes import Language
from voice.configuration.paths import dauys_home
from voice.configuration.ports import clashing, port_pairs
from voice.configuration.settings_errors import keys_of, sentence
from voice.configuration.working_hours import working_hours
from voice.values.errors import SettingsError

Port = Annotated[int, Field(ge=0, le=65535)]
Network = IPv4Network | IPv6Network


class SettingsSection(BaseModel):
    """A table of the settings file. Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class VoiceSettings(SettingsSection):
    """How Dauys speaks until a reader changes it."""

    language: Language = Field("kk", description="Language of the greeting and of doubtful answers.")
    rate: int = Field(170, ge=80, le=450, description="Speech rate in words a minute, until the reader changes it.")
    volume: int = Field(100, ge=10, le=200, description="Volume in percent, until the reader changes it.")
    workers: int = Field(
        2, ge=1, le=16, description="Processes of the service that speak, shared by all calls; two help each other out."
    )
    brief: bool = Field(False, description="Short answers from the start, for readers who know the service.")


class TelephoneSettings(SettingsSection):
    """Calls by SIP."""

    enabled: bool = Field(True, description="Answer SIP calls on this machine.")
    address: str = Field("0.0.0.0", description="Network address to listen on.")
    port: Port = Field(5060, description="SIP port, UDP and TCP. 0 takes any free one.")
    rtp_ports: tuple[Port, Port] = Field((16384, 16883), description="First and last UDP port for speech.")
    max_calls: int = Field(
        60,
        ge=1,
        le=500,
        validate_default=True,
        description="Calls answered at once, by SIP and through Asterisk together; more are refused.",
    )
    most_per_caller: int = Field(
        4, ge=0, le=500, description="Calls of one number at once; withheld numbers are not counted. 0: no limit."
    )
    most_per_network: int = Field(
        0, ge=0, le=500, description="Calls of one network (/24, /64) at once; an exchange is one. 0: no limit."
    )
    drain_s: int = Field(
        30, ge=0, le=600, description="Seconds in which calls may come to their end when the service is stopped."
    )
    allow: tuple[Network, ...] = Field(
        (
            IPv4Network("127.0.0.0/8"),
            IPv4Network("10.0.0.0/8"),
            IPv4Network("172.16.0.0/12"),
            IPv4Network("192.168.0.0/16"),
        ),
        description="Networks from which calls are answered; everybody else gets no answer at all.",
    )
    person: str = Field(
        "",
        examples=["sip:librarian@pbx"],
        description="SIP address behind key 0, such as sip:librarian@pbx; empty: a call-back is noted.",
    )
    person_hours: str = Field(
        "",
        examples=["mon-fri 09:00-18:00, sat 10:00-16:00"],
        description="When librarians take calls, such as mon-fri 09:00-18:00, sat 10:00-16:00; at other times a"
        " call-back is noted at once. Empty: they are always called.",
    )
    transfer: Literal["attended", "blind"] = Field(
        "attended",
        description="attended: the person is called first, and the reader stays with Dauys when nobody answers; blind:"
        " for an exchange that cannot replace a call (RFC 3891).",
    )
    outside: str = Field(
        "",
        examples=["sip:{number}@pbx"],
        description="How a reader is connected with the courier: a SIP address with {number} in it, and {extension} for"
        " digits to key afterwards, such as sip:{number}@pbx; empty: the number is read out.",
    )
    trunk_registrar: str = Field(
        "",
        examples=["sip:trunk.example"],
        description="SIP trunk to register with, such as sip:trunk.example; empty: none.",
    )
    trunk_user: str = Field("", examples=["77270000000"], description="User name at the trunk.")
    trunk_password_file: str = Field(
        "", examples=["/etc/dauys/trunk_password"], description="File that holds the trunk's password."
    )

    @field_validator("rtp_ports")
    @classmethod
    def _upwards(cls, ports: tuple[int, int]) -> tuple[int, int]:
        if not port_pairs(*ports):
            raise ValueError("must be the first and the last port, with room for an even one and the next in between")
        return ports

    @field_validator("max_calls")
    @classmethod
    def _with_ports(cls, calls: int, others: ValidationInfo) -> int:
        if (ports := others.data.get("rtp_ports")) and (pairs := port_pairs(*ports)) < calls:
            raise ValueError(
                f"telephone.rtp_ports = [{ports[0]}, {ports[1]}] has room for {pairs}, two ports a call; widen it, or"
                " answer fewer"
            )
        return calls

    @field_validator("person_hours")
    @classmethod
    def _readable(cls, hours: str) -> str:
        working_hours(hours)
        return hours

    @field_validator("outside")
    @classmethod
    def _with_number(cls, address: str) -> str:
        if address and "{number}" not in address:
            raise ValueError("must hold {number}, where the number to call goes")
        return address

    def outside_number(self, phone: str) -> str:
        """The address that calls `phone`, with an extension after a comma; "" when that cannot be called from here."""
        number, _, extension = phone.partition(",")
        if extension and "{extension}" not in self.outside:
            return ""
        return self.outside.replace("{number}", number).replace("{extension}", extension)


class AsteriskSettings(SettingsSection):
    """Calls by way of an Asterisk PBX."""

    enabled: bool = Field(False, description="Serve an Asterisk PBX.")
    address: str = Field("127.0.0.1", description="Network address to listen on.")
    websocket_port: Port = Field(8765, description="Port for chan_websocket, path /calls.")
    audiosocket_port: Port = Field(9092, description="Port for AudioSocket, for an Asterisk older than 22.8.")


class StationSettings(SettingsSection):
    """A reader at this machine's microphone and loudspeaker."""

    enabled: bool = Field(False, description="Serve a reader at this machine's microphone and loudspeaker.")
    input_device: str = Field(
        "", examples=["USB Headset"], description="Part of the microphone's name; empty: the system's default."
    )
    output_device: str = Field(
        "", examples=["USB Headset"], description="Part of the loudspeaker's name; empty: the system's default."
    )
    headphones: bool = Field(False, description="Only the reader hears the output: private lines may be spoken.")
    half_duplex: bool = Field(False, description="Do not listen while speaking, for rooms with a hard echo.")
    keypad: str = Field(
        "",
        examples=["/dev/input/by-id/usb-keypad-event-kbd"],
        description="Number pad or keyboard on which tickets and PINs are keyed; / or . is #, * is *. Empty: none.",
    )
    push_to_talk: bool = Field(
        False, description="Listen only while Enter or the space bar of the keypad is held, for loud places."
    )

    @field_validator("push_to_talk")
    @classmethod
    def _talk_key(cls, value: bool, others: ValidationInfo) -> bool:
        if value and not others.data.get("keypad"):
            raise ValueError("needs a keypad, whose key is held while talking; name it under station.keypad")
        return value


class CatalogueSettings(SettingsSection):
    """The store of the library."""

    database: str = Field(
        "",
        examples=["postgresql://dauys@db.example/dauys"],
        description="postgresql://… for several nodes with one state, its password in the environment as PGPASSWORD or"
        " in ~/.pgpass; empty: a file of our own.",
    )
    pepper_file: str = Field(
        "",
        examples=["/etc/dauys/pepper"],
        description="File with the secret that protects PINs; empty: made in Dauys's folder.",
    )
    sources: tuple[str, ...] = Field(
        (),
        examples=[("main=/srv/export; at 03:30", "city=https://library.example/oai; at 04:00; set books")],
        description='Where records come from, "NAME=FOLDER" or "NAME=https://…" for OAI-PMH; then, after semicolons: at'
        " HH:MM (every day), encoding NAME, changes (files hold only what has changed), set NAME, prefix NAME.",
    )

    @field_validator("sources")
    @classmethod
    def _named_once(cls, sources: tuple[str, ...]) -> tuple[str, ...]:
        names = [feed_from(source).name for source in sources]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"names {', '.join(sorted(twice))} twice")
        return sources

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The sources, read."""
        return tuple(feed_from(source) for source in self.sources)

    @field_validator("database")
    @classmethod
    def _without_password(cls, address: str) -> str:
        if address and not address.startswith(("postgresql://", "postgresql+asyncpg://")):
            raise ValueError("must begin with postgresql://")
        try:
            password = urlsplit(address).password
        except ValueError:
            raise ValueError("is no address that can be read") from None
        if password:
            raise ValueError("must not hold the password, which belongs into PGPASSWORD or ~/.pgpass")
        return address


class LibrarySystemSettings(SettingsSection):
    """A system that the library runs already. What it does is not done by Dauys's own store."""

    search: Literal["own", "sru", "z3950", "irbis"] = Field(
        "own", description="Where books are searched: own store, SRU, Z39.50 or ИРБИС64."
    )
    circulation: Literal["own", "sip2", "koha", "irbis"] = Field(
        "own", description="Who keeps tickets, loans and holds: own store, a SIP2 server, Koha or ИРБИС64."
    )
    places: tuple[str, ...] = Field((), description='The system\'s codes of places and their names, as "CODE=Name".')
    sru_url: str = Field("", description="SRU address of the database, such as https://catalogue.example/library.")
    sru_version: Literal["1.1", "1.2", "2.0"] = Field("1.1", description="SRU version of the server.")
    sru_schema: str = Field("marcxml", description="How the SRU server calls MARCXML.")
    z3950_address: str = Field("", description="Z39.50 server as host:port/database; needs Debian's package yaz.")
    z3950_syntax: Literal["usmarc", "unimarc", "rusmarc"] = Field("usmarc", description="MARC asked for over Z39.50.")
    z3950_encoding: Literal["utf-8", "cp1251", "kz1048", "ptcp154", "cp866", "latin-1"] = Field(
        "utf-8", description="Encoding of the words asked for over Z39.50."
    )
    sip2_host: str = Field("127.0.0.1", description="SIP2 server.")
    sip2_port: Port = Field(6001, description="Port of the SIP2 server.")
    sip2_institution: str = Field("", description="Institution id (AO) of the library on the SIP2 server.")
    sip2_user: str = Field("", description="User of the SIP2 login; empty: the server wants no login.")
    sip2_password_file: str = Field("", description="File that holds the password of the SIP2 login.")
    sip2_encoding: Literal["utf-8", "cp1251", "kz1048", "ptcp154", "cp866", "latin-1", "ascii"] = Field(
        "utf-8", description="Encoding of the SIP2 server's texts."
    )
    sip2_month_first: bool = Field(False, description="The SIP2 server writes the month of a date first: 12/31/2026.")
    sip2_believes_ready: bool = Field(
        False, description="Believe the SIP2 server's list of available holds though a copy does not say it lies ready."
    )
    sip2_sends_pin: bool = Field(
        False, description="The SIP2 server wants the PIN with each change: keep it in memory for 15 minutes."
    )
    sip2_tls: bool = Field(False, description="Speak TLS to the SIP2 server; needed when it is another machine.")
    sip2_allow_plain_text: bool = Field(
        False, description="SIP2 to another machine without TLS, through a tunnel only."
    )
    koha_url: str = Field("", description="Koha's staff interface, such as https://staff.library.example.")
    koha_user: str = Field(
        "", description="Koha user with the permissions borrowers, catalogue, circulate, reserveforothers."
    )
    koha_password_file: str = Field("", description="File that holds the Koha user's password.")
    irbis_host: str = Field("127.0.0.1", description="ИРБИС64 server.")
    irbis_port: Port = Field(6666, description="Port of the ИРБИС64 server.")
    irbis_user: str = Field("", description="User of ИРБИС64.")
    irbis_password_file: str = Field("", description="File that holds the password of the ИРБИС64 user.")
    irbis_catalogue: str = Field("IBIS", description="ИРБИС64's database of books.")
    irbis_readers: str = Field("RDR", description="ИРБИС64's database of readers.")
    irbis_requests: str = Field("RQST", description="ИРБИС64's database of holds; empty: no holds from outside.")
    irbis_pin_field: int = Field(130, ge=1, description="Field of an ИРБИС64 reader's record that holds the PIN.")
    irbis_allow_plain_text: bool = Field(
        False, description="ИРБИС64 on another machine: its protocol has no TLS, so through a tunnel only."
    )


class ModelSettings(SettingsSection):
    """Speech models."""

    folder: str = Field(
        "", examples=["/srv/dauys/models"], description="Folder of speech models; empty: `models` in Dauys's folder."
    )
    vocabulary: int = Field(
        5000, ge=0, le=100_000, description="Most frequent words of the catalogue that can be heard."
    )


class StaffSettings(SettingsSection):
    """The staff site."""

    enabled: bool = Field(True, description="Serve the staff site.")
    address: str = Field("127.0.0.1", description="Network address to listen on.")
    port: Port = Field(8080, description="Port of the staff site, /health and /metrics.")
    trusted_proxies: tuple[Network, ...] = Field(
        (),
        examples=[("127.0.0.1/32",)],
        description="Networks of proxies before the site. From those alone X-Forwarded-For and X-Forwarded-Proto are"
        " believed: who tries to log in, and whether the way is encrypted.",
    )
    connections: int = Field(200, ge=2, le=5000, description="Connections to the site at once; more are refused.")
    connections_each: int = Field(
        50, ge=1, le=5000, description="Of these, connections from one address that is no trusted proxy."
    )
    head_s: float = Field(10.0, ge=0.1, le=120, description="Seconds for the head of a request; later it is refused.")
    phrases: bool = Field(
        True, description="Keep phrases that were not understood for 30 days, without who said them and their numbers."
    )


class WaitingSettings(SettingsSection):
    """How long silence may last."""

    question_s: float = Field(8.0, ge=2, le=120, description="Seconds of silence before a soft sound.")
    repeat_s: float = Field(20.0, ge=5, le=600, description="Seconds of silence before the question is repeated.")
    station_end_s: float = Field(60.0, ge=15, le=1800, description="Seconds after which a station forgets its reader.")


class Settings(SettingsSection):
    """The whole settings file."""

    voice: VoiceSettings = VoiceSettings()
    telephone: TelephoneSettings = TelephoneSettings()
    asterisk: AsteriskSettings = AsteriskSettings()
    station: StationSettings = StationSettings()
    catalogue: CatalogueSettings = CatalogueSettings()
    library_system: LibrarySystemSettings = LibrarySystemSettings()
    models: ModelSettings = ModelSettings()
    staff_site: StaffSettings = StaffSettings()
    waiting: WaitingSettings = WaitingSettings()

    @model_validator(mode="after")
    def _a_port_each(self) -> Settings:
        if clash := clashing(self):
            raise ValueError(clash)
        return self


def settings_path(home: Path | None = None) -> Path:
    """Where the settings file lies, whether it exists or not; `home` is Dauys's folder."""
    return (home or dauys_home()) / "settings.toml"


def load_settings(path: Path) -> Settings:
    """Read the file at `path`; a file that does not exist is an empty one.

    Raises SettingsError with a line for every mistake: the key, the value, what is allowed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error}. Mend it or move it away.") from error
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        mistakes = "\n".join(f"  {sentence(dict(mistake), Settings)}" for mistake in error.errors())
        raise SettingsError(f"The settings file {path} needs mending:\n{mistakes}") from error


def all_keys() -> list[str]:
    """Every setting as `section.key`, in the order of the file."""
    return keys_of(Settings)

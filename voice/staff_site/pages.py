"""What every page is made with: the parts of the site, the visitor, and the templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalogue_client.store.audit import Audit
from voice.assistant.app import App
from voice.checks.check_result import CheckResult
from voice.configuration.staff_accounts import StaffAccount, StaffAccounts
from voice.operations.desk_supervisor import DeskSupervisor
from voice.operations.metrics import Metrics
from voice.operations.usage_recorder import UsageRecorder
from voice.staff_site.installing import Installations
from voice.staff_site.rate_limit import LoginRateLimit
from voice.staff_site.sessions import Session, Sessions
from voice.staff_site.words import LANGUAGES, Say, load_words, speaker, tongue

MENU = {
    "state": "",
    "deliveries": "deliveries",
    "callbacks": "callbacks",
    "readers": "readers",
    "answers": "answers",
    "desks": "desks",
    "models": "models",
    "places": "",
    "statistics": "",
}
"""Page -> what its visitor must be allowed; in the order of the menu."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request comes from."""

    language: str
    session: Session | None = None

    @property
    def account(self) -> StaffAccount | None:
        """Who is logged in; None for nobody."""
        return self.session.account if self.session else None

    @property
    def actor(self) -> str:
        """The name for the audit."""
        return f"staff:{self.account.name}" if self.account else "staff:nobody"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in a form that must be mended."""

    field: str
    """The field's name in the form; "" for the form as a whole."""
    text: str
    language: str = ""
    """Of the text, where it is not the page's."""


class Pages:
    """The templates and the words."""

    def __init__(self) -> None:
        self.words = load_words()
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["tongue"] = tongue

    def say(self, language: str) -> Say:
        """Return what gives the site's words in this language."""
        return speaker(self.words[language])

    def render(self, template: str, language: str, values: Mapping[str, Any]) -> str:
        """Return the HTML of a template in this language."""
        return self._templates.get_template(template).render(
            say=self.say(language),
            knows=self.words[language].__contains__,
            language=language,
            languages=LANGUAGES,
            **values,
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that handlers use."""

    app: App
    desks: DeskSupervisor
    metrics: Metrics
    notes: UsageRecorder
    accounts: StaffAccounts
    sessions: Sessions
    names: LoginRateLimit
    """Failed log-ins by name and network address."""
    everywhere: LoginRateLimit
    """Failed log-ins by name, from whatever address."""
    addresses: LoginRateLimit
    """Failed log-ins by network address; more are allowed, since a branch may have one address."""
    pages: Pages
    installations: Installations
    running: Callable[[], Iterable[CheckResult]]
    """What the service has found of itself: its lines, the store, a call to itself."""

    async def note(self, actor: str, action: str, subject: str, outcome: str = "done") -> None:
        """Write into the library's audit. Nothing secret in any of it."""
        books = self.app.home_deliveries.books
        audit: Audit = books.audit
        async with books.database.writing() as connection:
            await audit.note(connection, self.app.clock(), actor, action, subject, outcome)


SITE = web.AppKey("site", Parts)
VISITOR = web.RequestKey("visitor", Visitor)


def page(
    request: web.Request,
    template: str,
    *,
    status: int = 0,
    mistakes: tuple[Mistake, ...] = (),
    **values: Any,
) -> web.Response:
    """A whole page. Without `status` it is 422 with mistakes and 200 without.

    `?done=KEY` in the address shows the sentence done.KEY, as the page after a form that was taken.
    """
    parts, visitor = request.app[SITE], request[VISITOR]
    words = parts.pages.words[visitor.language]
    done = f"done.{request.query.get('done', '')}"
    account = visitor.account
    shared = {
        "account": account,
        "menu": [name for name, right in MENU.items() if account and account.may(right)],
        "here": request.path.split("/")[1],
        "here_in": {code: str(request.rel_url.update_query(language=code)) for code in LANGUAGES},
        "token": parts.sessions.form_token(visitor.session) if visitor.session else "",
        "done": words[done] if done in words and not mistakes else "",
        "mistakes": mistakes,
        "mistaken": {mistake.field: mistake.text for mistake in reversed(mistakes)},
    }
    text = parts.pages.render(template, visitor.language, {**shared, **values})
    return web.Response(text=text, content_type="text/html", status=status or (422 if mistakes else 200))


def see(path: str, done: str = "") -> web.Response:
    """To another page after a form was taken, so that loading it again sends nothing twice."""
    return web.Response(status=303, headers={"Location": f"{path}?done={done}" if done else path})

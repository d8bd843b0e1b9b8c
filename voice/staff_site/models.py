"""Speech models: what is installed, whether it is whole, and new ones."""

from __future__ import annotations

import asyncio

from aiohttp import web

from audio_models.errors import ModelError
from audio_models.manifest import Known
from voice.staff_site.installing import archives
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see

MODEL = r"{model:[\w.-]{1,80}}"


async def show_all(request: web.Request) -> web.StreamResponse:
    """Answer with the models that are known and installed."""
    return await _list(request)


async def install(request: web.Request) -> web.StreamResponse:
    """Begin to install, from its address or from an archive that we found ourselves on a stick."""
    parts, entry = request.app[SITE], _known(request)
    source = str((await request.post()).get("source", ""))
    if source and source not in [str(path) for path in await asyncio.to_thread(archives, entry.name)]:
        raise web.HTTPBadRequest()
    parts.installations.start(entry.name, source or None)
    await parts.note(request[VISITOR].actor, "install_model", f"model {entry.name}", "begun")
    return see("/models", "installing")


async def verify(request: web.Request) -> web.StreamResponse:
    """Compare the files of a model with their checksums."""
    try:
        await asyncio.to_thread(request.app[SITE].installations.store.verify, _known(request).name)
    except ModelError as error:
        return await _list(request, Mistake("", str(error), "en"))
    return see("/models", "verified")


async def remove(request: web.Request) -> web.StreamResponse:
    """Delete a model from this machine."""
    parts, entry = request.app[SITE], _known(request)
    try:
        await asyncio.to_thread(parts.installations.store.remove, entry.name)
    except ModelError as error:
        return await _list(request, Mistake("", str(error), "en"))
    await parts.note(request[VISITOR].actor, "remove_model", f"model {entry.name}")
    return see("/models", "model_removed")


async def _list(request: web.Request, *mistakes: Mistake) -> web.Response:
    installations = request.app[SITE].installations
    installed = {model.name: model for model in await asyncio.to_thread(installations.store.installed)}
    found = {entry.name: await asyncio.to_thread(archives, entry.name) for entry in installations.store.models}
    return page(
        request,
        "models.html",
        models=installations.store.models,
        installed=installed,
        running=installations.running,
        archives=found,
        mistakes=mistakes,
    )


def _known(request: web.Request) -> Known:
    name = request.match_info["model"]
    for entry in request.app[SITE].installations.store.models:
        if entry.name == name:
            return entry
    raise web.HTTPNotFound()


ROUTES = [
    web.get("/models", show_all),
    web.post(f"/models/{MODEL}/install", install),
    web.post(f"/models/{MODEL}/verify", verify),
    web.post(f"/models/{MODEL}/remove", remove),
]

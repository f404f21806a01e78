"""The one HTML page, and the door to it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.errors import LinkUnusable
from accounts.link_sessions import note_link
from accounts.services.logins import redeem_login_link
from editor.assets import assets

BACKEND = "accounts.authentication.SessionBackend"
LOGIN_PATH = "/login"


@never_cache
@require_safe
def studio(request: HttpRequest) -> HttpResponse:
    """The studio for whoever is logged in; everybody else goes to the login page. `/?token=…` logs in once."""
    if request.path == "/" and (token := request.GET.get("token")):
        return _redeem(request, token)
    if request.path != LOGIN_PATH and not request.user.is_authenticated:
        query = "" if request.path == "/" else "?" + urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(LOGIN_PATH + query)
    built = assets()
    if built is None:
        facts = {"title": "The studio is not built yet", "text": "Build it once, then load this page again:"}
        return render(request, "message.html", {**facts, "command": "make build"}, status=503)
    get_token(request)
    page = {"script": built.script, "styles": built.styles, "preload": built.preload}
    return render(request, "studio.html", page)


def _redeem(request: HttpRequest, token: str) -> HttpResponse:
    """A cookie for the link's token, and an address without it. The link is used up by GET only, not by a probe."""
    if request.method != "GET":
        return HttpResponse(status=204)
    try:
        user = redeem_login_link(token=token)
    except LinkUnusable:
        if request.user.is_authenticated:
            return HttpResponseRedirect("/")
        facts = {"title": "This link was used already, or is too old", "text": "A fresh one is one command away:"}
        return render(request, "message.html", {**facts, "command": "python manage.py login_link"}, status=410)
    login(request, user, backend=BACKEND)
    note_link(request)
    return HttpResponseRedirect("/")

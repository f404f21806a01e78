from __future__ import annotations

from django.urls import path

from accounts import converters, rest

converters.register()

urlpatterns = [
    path("session/", rest.SessionView.as_view(), name="session"),
    path("session/password/", rest.PasswordView.as_view(), name="session-password"),
    path("workspace/", rest.WorkspaceView.as_view(), name="workspace"),
    path("tokens/", rest.TokensView.as_view(), name="tokens"),
    path("tokens/<id:token_id>/", rest.TokenView.as_view(), name="token"),
]

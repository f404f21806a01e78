from __future__ import annotations

from django.urls import path

from accounts import converters
from registry import rest

converters.register()

urlpatterns = [
    path("model-packages/", rest.GroupsView.as_view(), name="model-package-groups"),
    path("model-packages/<slug:group_name>/", rest.PackagesView.as_view(), name="model-packages"),
    path("model-packages/<slug:group_name>/<number:version>/", rest.PackageView.as_view(), name="model-package"),
    path("model-versions/", rest.VersionsView.as_view(), name="model-versions"),
]

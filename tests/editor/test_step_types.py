"""The palette as data."""

from __future__ import annotations

from engine.steps.catalog import STEP_TYPES
from tests.factories.api import Api


def test_every_step_type_is_in_the_palette_with_its_form(member_api: Api) -> None:
    answer = member_api.get("step-types/").json()
    assert {one["type"] for one in answer["types"]} == set(STEP_TYPES)
    families = {one["id"] for one in answer["families"]}
    for one in answer["types"]:
        assert one["family"] in families
        assert one["title"]
        assert one["description"]
        assert one["runnable"] == (one["reason"] is None)
        assert one["schema"]["type"] == "object"


def test_the_palette_is_sent_once(member_api: Api) -> None:
    first = member_api.get("step-types/")
    member_api.headers["If-None-Match"] = first["ETag"]
    again = member_api.get("step-types/")
    assert (again.status_code, again.content) == (304, b"")


def test_a_port_says_where_a_wire_goes(member_api: Api) -> None:
    types = {one["type"]: one for one in member_api.get("step-types/").json()["types"]}
    ports = types["Processing"]["ports"]
    assert {port["direction"] for port in ports} == {"in", "out"}
    for port in ports:
        assert port["pattern"].startswith("/")
        assert set(port) == {
            "name",
            "direction",
            "pattern",
            "json_type",
            "kind",
            "reference",
            "item",
            "item_name",
            "report_as",
            "folder_file",
            "beside",
            "title",
        }

"""The mouse and keyboard of somebody who draws a pipeline: by role, by visible name, from dot to dot."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, Page, expect


class Drawing:
    """An open, writable editor."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.inspector = page.get_by_role("complementary", name="Inspector")

    def node(self, step: str) -> Locator:
        return self.page.get_by_test_id(f"step-{step}")

    def add_parameters(self, parameters: tuple[tuple[str, str, str], ...]) -> None:
        """(name, type, default) each, in the parameters sheet."""
        self.page.get_by_role("button", name="Parameters", exact=True).click()
        sheet = self.page.get_by_role("dialog", name="Parameters")
        for name, kind, default in parameters:
            sheet.get_by_role("button", name="Add parameter").click()
            expect(sheet.get_by_role("textbox", name="Name", exact=True).last).to_be_focused()
            self.page.keyboard.type(name)
            self.page.keyboard.press("Tab")
            sheet.get_by_role("combobox", name=f"Type of {name}").select_option(kind)
            sheet.get_by_role("textbox", name=f"Default of {name}").fill(default)
        sheet.get_by_role("button", name="Close").click()
        expect(sheet).to_have_count(0)

    def drop(self, title: str, added: str, step: str, x: int, y: int) -> None:
        """Drags a step out of the palette and gives it its name."""
        palette = self.page.get_by_role("complementary", name="Steps")
        entry = palette.get_by_role("button", name=re.compile(f"^{title} "))
        entry.drag_to(self.page.get_by_test_id("canvas"), target_position={"x": x, "y": y})
        expect(self.node(added)).to_be_visible()
        field = self.page.get_by_role("textbox", name="Step name")
        field.fill(step)
        field.press("Enter")
        expect(self.node(step)).to_be_visible()

    def wire(self, source: str, output: str, target: str, edges: int) -> None:
        """Drags from the dot of that title to the left side of another step; then there are `edges` wires."""
        start = self.resting(self.node(source).get_by_title(output, exact=True))
        end = self.resting(self.node(target))
        self.page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(end["x"], end["y"] + end["height"] / 2, steps=8)
        self.page.mouse.up()
        expect(self.page.locator(".react-flow__edge")).to_have_count(edges)

    def resting(self, what: Locator) -> FloatRect:
        """Where it is once the canvas does not glide any more."""
        seen: FloatRect | None = None
        while (box := what.bounding_box()) is None or box != seen:
            seen = box
            self.page.wait_for_timeout(60)
        return box

    def open(self, step: str, tab: str) -> None:
        self.node(step).click()
        expect(self.page.get_by_role("textbox", name="Step name")).to_have_value(step)
        self.tab(tab)

    def tab(self, name: str) -> None:
        self.inspector.get_by_role("tab", name=name, exact=True).click()

    def upload(self, button: str, path: Path) -> None:
        """Through the button's file dialog; done when the script can be edited."""
        with self.page.expect_file_chooser() as chooser:
            self.inspector.get_by_role("button", name=button).click()
        chooser.value.set_files(path)
        expect(self.inspector.get_by_role("button", name=re.compile(r"^Edit \w+\.py$"))).to_be_visible()

    def add(self, what: str, name: str) -> None:
        """Adds an item to a list and types its name, which has the caret then."""
        self.inspector.get_by_role("button", name=f"Add {what}", exact=True).click()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        expect(self.inspector.get_by_role("button", name=name, exact=True)).to_be_visible()

    def rename_item(self, old: str, new: str) -> None:
        self.inspector.get_by_role("button", name=re.compile(f"^{old}( |$)"), expanded=False).click()
        card = self.inspector.get_by_role("group", name=old, exact=True)
        field = card.get_by_label("Name", exact=True)
        field.fill(new)
        field.press("Enter")
        self.inspector.get_by_role("button", name=new, exact=True, expanded=True).click()

    def arguments(self, *words: str) -> None:
        """Adds arguments behind those that are there."""
        fields = self.inspector.locator("[data-field$=ContainerArguments]").get_by_role("textbox")
        for number, word in enumerate(words, start=fields.count() + 1):
            self.inspector.get_by_role("button", name="Add argument").click()
            expect(fields).to_have_count(number)
            self.page.keyboard.type(word)
        expect(fields.last).to_have_value(words[-1])

    def hyperparameter(self, name: str, value: str) -> None:
        field = self.inspector.locator("[data-field$=HyperParameters]")
        field.get_by_role("button", name="Add", exact=True).click()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        self.inspector.get_by_label(f"Value of {name}", exact=True).fill(value)

    def take_parameter(self, field: str, parameter: str) -> None:
        """Switches a field's source to a parameter and chooses it."""
        self.inspector.get_by_role("button", name=f"Source of {field}: Fixed").click()
        self.page.get_by_role("menuitem", name="Parameter", exact=True).click()
        self.inspector.get_by_role("button", name=f"{field}: Choose a parameter").click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{parameter}")).click()
        expect(self.inspector.get_by_role("button", name=re.compile(f"^{field}: {parameter}"))).to_be_visible()

"""Writing: text, pictures, files, commands, drafts."""

from __future__ import annotations

from pathlib import Path

import pytest
from backstage import ADA, BORIS, Backstage, picture
from chatpage import ChatPage
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.browser


def test_enter_sends_the_text_and_the_bot_hears_it(page: ChatPage, backstage: Backstage) -> None:
    page.say("Hello <b>there</b>")
    assert "Hello <b>there</b>" in page.one("message", ".out").text
    page.wait(lambda: (ADA, "Hello <b>there</b>") in backstage.heard())
    assert page.attribute("composer-input", "value") == ""


def test_shift_and_enter_begin_a_new_line(page: ChatPage, backstage: Backstage) -> None:
    field = page.one("composer-input")
    ActionChains(page.driver).click(field).send_keys("one").key_down(Keys.SHIFT).send_keys(
        Keys.ENTER
    ).key_up(Keys.SHIFT).send_keys("two", Keys.ENTER).perform()
    page.wait(lambda: (ADA, "one\ntwo") in backstage.heard())


def test_an_album_is_sent_in_the_order_of_the_tray(
    page: ChatPage, backstage: Backstage, pictures: list[Path]
) -> None:
    page.one("composer-input")
    page.all("file-input")[0].send_keys("\n".join(map(str, pictures)))
    assert len(page.wait(lambda: page.all("preview"))) == 3
    page.all("preview")[1].find_element(By.CSS_SELECTOR, ".left").click()
    page.all("preview")[2].find_element(By.CSS_SELECTOR, ".remove").click()
    page.say("style 200")
    bubble = page.one("message", ".photos")
    boxes = [photo.rect for photo in bubble.find_elements(By.CSS_SELECTOR, ".photo")]
    assert "style 200" in bubble.text
    assert len(boxes) == 2
    page.wait(lambda: len(backstage.heard()) == 2)
    sizes = [
        (update.message.photo[-1].width, update.message.photo[-1].height)
        for update in backstage.updates
        if update.message
    ]
    assert sizes == [(300, 400), (400, 300)]


def test_a_picture_sent_as_a_file_keeps_its_bytes_and_name(
    page: ChatPage, backstage: Backstage, pictures: list[Path]
) -> None:
    page.one("composer-input")
    page.all("file-input")[0].send_keys(str(pictures[0]))
    page.one("as-file").click()
    page.one("send").click()
    assert "red sky.png" in page.one("document").text
    update = page.wait(lambda: next(iter(backstage.updates), None))
    assert update.message
    assert update.message.document
    assert update.message.document.file_name == "red sky.png"
    assert update.message.document.file_size == pictures[0].stat().st_size


def test_a_dropped_and_a_pasted_picture_lie_in_the_tray(page: ChatPage) -> None:
    page.one("composer-input").click()
    page.paste("pasted.png", picture("blue"))
    page.drop("drop-document", "dropped.png", picture("red"))
    page.wait(lambda: len(page.all("preview")) == 2)
    assert page.attribute("as-file", "aria-pressed") == "true"
    assert not page.all("drop")[0].is_displayed()


def test_a_sticker_goes_out_as_a_sticker(
    page: ChatPage, backstage: Backstage, pictures: list[Path]
) -> None:
    page.one("composer-input")
    page.all("file-input")[0].send_keys(str(pictures[2]))
    page.one("as-sticker").click()
    page.one("send").click()
    width, height = (
        page.one("message", ".stickers").find_element(By.CSS_SELECTOR, ".sticker").size.values()
    )
    assert {width, height} == {220, 110}
    update = page.wait(lambda: next(iter(backstage.updates), None))
    assert update.message
    assert update.message.sticker


def test_commands_are_offered_while_typing(page: ChatPage, backstage: Backstage) -> None:
    commands = [("settings", "What you can vary"), ("start", "Begin")]
    backstage.run(backstage.bot.set_my_commands(commands))
    page.one("commands").click()
    page.wait(lambda: len(page.all("suggestion")) == 2)
    page.type("/se")
    page.wait(
        lambda: [one.text for one in page.all("suggestion")] == ["/settings\nWhat you can vary"]
    )
    page.type(Keys.ENTER)
    page.wait(lambda: (ADA, "/settings") in backstage.heard())


def test_messages_written_quickly_arrive_in_order(page: ChatPage, backstage: Backstage) -> None:
    for number in range(6):
        page.say(f"Line {number}")
    page.wait(lambda: len(backstage.heard()) == 6)
    assert [text for _, text in backstage.heard()] == [f"Line {number}" for number in range(6)]


def test_each_chat_keeps_its_draft(page: ChatPage) -> None:
    page.one("composer-input").send_keys("To be continued")
    page.one("chat-item", f'[data-chat="{BORIS}"]').click()
    page.wait(lambda: page.attribute("composer-input", "value") == "")
    page.one("chat-item", f'[data-chat="{ADA}"]').click()
    page.wait(lambda: page.attribute("composer-input", "value") == "To be continued")


def test_a_refusal_is_told_and_the_draft_stays(page: ChatPage) -> None:
    page.one("composer-input")
    text = "x" * 5000
    page.script("arguments[0].value = arguments[1]", page.one("composer-input"), text)
    page.say(".")
    assert page.one("toast").text
    assert len(page.attribute("composer-input", "value")) == 5001
    page.complaints()  # the refused request itself

"""The page around the feed: people, the side panel, its looks, its connection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from backstage import ADA, BORIS, GROUP, Backstage, picture
from chatpage import ChatPage
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from telegram import InputMediaPhoto
from telegram.error import Forbidden, RetryAfter

pytestmark = pytest.mark.browser


def test_in_the_group_the_chosen_person_speaks(page: ChatPage, backstage: Backstage) -> None:
    page.one("chat-item", f'[data-chat="{GROUP}"]').click()
    page.one("speaker", f'[data-user="{BORIS}"]').click()
    page.say("Привет, @easel_bot")
    page.wait(lambda: (BORIS, "Привет, @easel_bot") in backstage.heard())
    assert page.attribute("message", "class").split()[1] == "out"
    page.one("speaker", f'[data-user="{ADA}"]').click()
    assert page.attribute("message", "class").split()[1] == "in"


def test_a_person_blocks_the_bot(page: ChatPage, backstage: Backstage) -> None:
    page.one("person-menu").click()
    page.one("menu").find_element(By.XPATH, ".//button[contains(., 'Block the bot')]").click()
    page.wait(lambda: "bot blocked" in page.one("chat-state").text)
    with pytest.raises(Forbidden):
        backstage.run(backstage.bot.send_message(ADA, "Hello?"))


def test_the_faults_panel_makes_the_next_call_fail(
    page: ChatPage, backstage: Backstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # or reading retry_after is deprecated
    page.one("panel-toggle").click()
    page.one("panel-tab", '[data-tab="faults"]').click()
    page.one("fault-method").find_element(By.CSS_SELECTOR, '[value="sendMessage"]').click()
    page.one("fault-count").send_keys("1")
    page.one("fault-retry_after").clear()
    page.one("fault-retry_after").send_keys("7")
    page.one("fault-add").click()
    assert "sendMessage, any chat, 1 call left" in page.one("fault", '[data-kind="429"]').text
    with pytest.raises(RetryAfter) as refusal:
        backstage.run(backstage.bot.send_message(ADA, "Hello"))
    assert refusal.value.retry_after == timedelta(seconds=7)
    page.wait(lambda: not page.all("fault"))
    page.one("panel-tab", '[data-tab="calls"]').click()
    assert "retry after 7" in page.one("call", '[data-status="429"]').text


def test_the_transcript_shows_every_version(page: ChatPage, backstage: Backstage) -> None:
    message = backstage.run(backstage.bot.send_message(ADA, "Queued"))
    for step, color in enumerate(("red", "green", "blue"), 1):
        media = InputMediaPhoto(picture(color), caption=f"Step {step}")
        backstage.run(backstage.bot.edit_message_media(media, ADA, message.message_id))
    page.one("edited").click()
    entry = page.one("transcript-entry", f'[data-message-id="{message.message_id}"]')
    words = page.wait(lambda: entry.text if "Step 3" in entry.text else None)
    places = [words.rindex(one) for one in ("Queued", "Step 1", "Step 2", "Step 3")]
    assert places == sorted(places)
    page.wait(lambda: len(page.all("transcript-thumbnail")) == 3)
    page.one("transcript-thumbnail").click()
    page.wait(lambda: page.one("viewer-count").text.startswith("1 of 3"))
    page.type(Keys.ESCAPE)
    assert f"chat={ADA}" in page.attribute("transcript-download", "href")


def test_dark_follows_the_system_until_chosen_otherwise(page: ChatPage) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = page.script(ground)
    page.prefer("dark")
    dark = page.wait(lambda: page.script(ground) if page.script(ground) != light else None)
    page.one("theme-toggle").click()
    page.wait(lambda: page.script(ground) == light)
    page.driver.refresh()
    page.one("chat-item")
    assert page.script(ground) == light != dark


def test_on_a_phone_the_chats_are_a_drawer(page: ChatPage, backstage: Backstage) -> None:
    page.resize(360, 740, phone=True)
    backstage.run(backstage.bot.send_photo(ADA, picture("red", 1000, 400), caption="Done"))
    page.one("photo")
    assert page.script("return document.documentElement.scrollWidth") == 360
    assert not page.one("composer").find_elements(By.CSS_SELECTOR, ":invalid")
    page.wait(lambda: not page.all("chat-item")[0].is_displayed())
    page.one("rail-toggle").click()
    page.one("chat-item", f'[data-chat="{GROUP}"]').click()
    page.wait(lambda: page.one("chat-title").text == "Painters")
    page.wait(lambda: not page.all("chat-item")[0].is_displayed())


def test_the_page_shows_everything_after_a_restart(page: ChatPage, backstage: Backstage) -> None:
    page.say("Before")
    sent = backstage.run(backstage.bot.send_photo(ADA, picture("red"), caption="Step 1"))
    page.message(sent.message_id)
    backstage.restart()
    media = InputMediaPhoto(picture("blue"), caption="Step 2")
    backstage.run(backstage.bot.edit_message_media(media, ADA, sent.message_id))
    page.wait(lambda: "Step 2" in page.message(sent.message_id).text)
    assert "Before" in page.one("message", ".out").text
    assert len(page.all("message")) == 2
    page.driver.refresh()
    width = "return arguments[0].querySelector('img').naturalWidth"
    page.wait(lambda: page.script(width, page.one("photo")) == 320)
    page.complaints()  # the lost connection


def test_the_page_drops_what_a_new_playground_does_not_know(
    page: ChatPage, backstage: Backstage
) -> None:
    page.say("Before")
    page.one("message")
    backstage.restart(forgetting=True)
    page.one("empty")
    backstage.run(backstage.bot.send_message(ADA, "After"))
    assert "After" in page.one("message").text
    assert "Before" not in page.one("feed").text
    page.complaints()  # the lost connection


def test_the_page_asks_nobody_but_the_playground(page: ChatPage, backstage: Backstage) -> None:
    backstage.run(backstage.bot.send_photo(ADA, picture("red")))
    page.one("photo")
    names = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    asked = page.script(names)
    assert any(name.endswith("/page/main.js") for name in asked)
    assert [name for name in asked if not name.startswith(backstage.playground.url)] == []

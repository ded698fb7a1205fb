"""What a person does to a message: buttons, the menu, the keyboard."""

from __future__ import annotations

import pytest
from backstage import ADA, Backstage, keyboard
from chatpage import ChatPage
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from telegram import CopyTextButton, InlineKeyboardButton

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("alert", "hook"), [(False, "toast"), (True, "alert")])
def test_a_press_shows_the_bots_answer(
    page: ChatPage, backstage: Backstage, alert: bool, hook: str
) -> None:
    backstage.answers["stop"] = {"text": "Keeping the best picture", "show_alert": alert}
    keys = keyboard([InlineKeyboardButton("Good enough", callback_data="stop")])
    backstage.run(backstage.bot.send_message(ADA, "Painting", reply_markup=keys))
    page.one("keyboard-button", '[data-data="stop"]').click()
    assert "Keeping the best picture" in page.one(hook).text


def test_buttons_have_their_colours_and_copy_their_text(
    page: ChatPage, backstage: Backstage
) -> None:
    keys = keyboard(
        [InlineKeyboardButton("Cancel", callback_data="c", api_kwargs={"style": "danger"})],
        [InlineKeyboardButton("Settings", copy_text=CopyTextButton("/set size 768"))],
        [InlineKeyboardButton("About", url="https://example.org/")],
    )
    backstage.run(backstage.bot.send_message(ADA, "Painting", reply_markup=keys))
    cancel, copy, about = page.wait(lambda: page.all("keyboard-button") or None)
    assert "danger" in (cancel.get_attribute("class") or "").split()
    assert about.get_attribute("href") == "https://example.org/"
    assert about.get_attribute("rel") == "noopener noreferrer"
    copy.click()
    assert page.one("toast").text.startswith(("Copied", "The browser does not allow"))


def test_the_menu_replies_and_the_quote_leads_back(page: ChatPage, backstage: Backstage) -> None:
    message = backstage.run(backstage.bot.send_message(ADA, "Which style?"))
    bubble = page.message(message.message_id).find_element(By.CSS_SELECTOR, ".bubble")
    ActionChains(page.driver).context_click(bubble).perform()
    page.one("menu")
    page.type(Keys.ENTER)
    assert "Which style?" in page.one("reply-bar").text
    page.say("The wave")
    page.one("quote").click()
    page.wait(lambda: "flash" in page.attribute("message", "class"))
    heard = page.wait(lambda: next(iter(backstage.updates), None))
    assert heard.message
    assert heard.message.reply_to_message
    assert heard.message.reply_to_message.message_id == message.message_id


def test_a_message_is_deleted_by_keyboard(page: ChatPage) -> None:
    page.say("Wrong")
    page.script("arguments[0].focus()", page.one("message", ".out"))
    page.type(Keys.DELETE)
    page.one("empty")
    assert page.all("message") == []


def test_messages_are_walked_by_arrow_keys(page: ChatPage, backstage: Backstage) -> None:
    ids = [
        backstage.run(backstage.bot.send_message(ADA, text)).message_id for text in ("one", "two")
    ]
    page.script("arguments[0].focus()", page.message(ids[1]))
    page.type(Keys.ARROW_UP)
    focused = page.driver.switch_to.active_element
    assert focused.get_attribute("data-message-id") == str(ids[0])
    page.type("r")
    assert "one" in page.one("reply-bar").text

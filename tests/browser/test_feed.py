"""What the feed shows, and how it follows what happens."""

from __future__ import annotations

import pytest
from backstage import ADA, BORIS, Backstage, picture
from chatpage import ChatPage
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from telegram import InputMediaPhoto, ReactionTypeEmoji

pytestmark = pytest.mark.browser

WATCH_FOR_GAPS = """
const [photo] = arguments;
window.gaps = window.frames_seen = 0;
(function look() {
  const image = photo.firstChild;
  const loaded = image?.complete && image.naturalWidth > 0;
  const shown = loaded && getComputedStyle(image).opacity === "1";
  window.frames_seen += 1;
  if (!shown) window.gaps += 1;
  requestAnimationFrame(look);
})();
"""


def test_an_empty_chat_invites_to_send_two_photos(page: ChatPage) -> None:
    assert "Send two photos" in page.one("empty").text


def test_an_edited_photo_changes_in_place_and_the_scroll_stays(
    page: ChatPage, backstage: Backstage
) -> None:
    bot = backstage.bot
    message = backstage.run(bot.send_photo(ADA, picture("red"), caption="Step 1"))
    photo = page.one("photo")
    before = photo.find_element(By.CSS_SELECTOR, "img").get_attribute("src")
    page.script(WATCH_FOR_GAPS, photo)
    for number in range(30):
        backstage.run(bot.send_message(ADA, f"Line {number}"))
    page.wait(lambda: "Line 29" in page.one("feed").text)
    page.script("arguments[0].scrollTop = 40", page.one("feed"))
    page.wait(lambda: page.one("to-bottom").is_displayed())
    media = InputMediaPhoto(picture("blue"), caption="Step 2")
    backstage.run(bot.edit_message_media(media, ADA, message.message_id))
    page.wait(lambda: "Step 2" in page.message(message.message_id).text)
    sources = page.wait(
        lambda: [
            image.get_attribute("src")
            for image in photo.find_elements(By.CSS_SELECTOR, "img")
            if image.get_attribute("src") != before
        ]
    )
    assert len(sources) == 1
    page.wait(lambda: len(photo.find_elements(By.CSS_SELECTOR, "img")) == 1)
    assert page.script("return window.frames_seen > 5 && window.gaps === 0")
    assert page.script("return arguments[0].scrollTop", page.one("feed")) == 40
    assert "edited" in page.message(message.message_id).text


def test_a_text_becomes_a_photo_in_the_same_bubble(page: ChatPage, backstage: Backstage) -> None:
    message = backstage.run(backstage.bot.send_message(ADA, "Queued, #2"))
    bubble = page.message(message.message_id)
    media = InputMediaPhoto(picture("green"), caption="Step 20 of 200")
    backstage.run(backstage.bot.edit_message_media(media, ADA, message.message_id))
    page.wait(lambda: bubble.find_elements(By.CSS_SELECTOR, ".photo"))
    assert "Step 20 of 200" in bubble.text
    assert "Queued" not in bubble.text


def test_the_feed_follows_new_messages_only_from_its_end(
    page: ChatPage, backstage: Backstage
) -> None:
    for number in range(30):
        backstage.run(backstage.bot.send_message(ADA, f"Line {number}"))
    page.wait(lambda: "Line 29" in page.one("feed").text)
    rest = "const f = arguments[0]; return f.scrollHeight - f.scrollTop - f.clientHeight"
    page.wait(lambda: page.script(rest, page.one("feed")) < 2)
    page.script("arguments[0].scrollTop = 0", page.one("feed"))
    page.one("to-bottom")
    backstage.run(backstage.bot.send_message(ADA, "News"))
    page.wait(lambda: page.one("to-bottom").text == "1")
    assert page.script("return arguments[0].scrollTop", page.one("feed")) == 0
    page.one("to-bottom").click()
    page.wait(lambda: page.script(rest, page.one("feed")) < 2)


def test_the_viewer_opens_moves_zooms_and_closes(page: ChatPage, backstage: Backstage) -> None:
    for color in ("red", "blue"):
        backstage.run(backstage.bot.send_photo(ADA, picture(color)))
    page.wait(lambda: len(page.all("photo")) == 2)
    page.all("photo")[1].click()
    page.wait(lambda: page.one("viewer-count").text == "2 of 2 · 320 × 240")
    fitted = page.one("viewer-image").size["width"]
    page.type(Keys.ARROW_LEFT)
    page.wait(lambda: page.one("viewer-count").text.startswith("1 of 2"))
    page.type(" ")
    page.wait(lambda: page.one("viewer-image").size["width"] == 320 != fitted)
    page.type(Keys.ESCAPE)
    page.wait(lambda: not page.all("viewer")[0].is_displayed())


def test_markup_of_the_bot_is_shown_and_markup_of_people_is_text(
    page: ChatPage, backstage: Backstage
) -> None:
    page.say("<img src=x onerror=alert(1)>")
    assert page.one("message", ".out").text.startswith("<img src=x onerror=alert(1)>")
    backstage.run(backstage.bot.send_message(ADA, "<b>Bold</b> &lt;i&gt;", parse_mode="HTML"))
    prose = page.one("message", ".in").find_element(By.CSS_SELECTOR, ".prose")
    assert prose.find_element(By.CSS_SELECTOR, "b").text == "Bold"
    assert "<i>" in prose.text


def test_reactions_and_chat_actions_are_shown(page: ChatPage, backstage: Backstage) -> None:
    page.say("Paint this")
    number = int(page.attribute("message", "data-message-id"))
    reaction = ReactionTypeEmoji("👀")
    backstage.run(backstage.bot.set_message_reaction(ADA, number, reaction))
    assert page.one("reaction").text == "👀"
    backstage.run(backstage.bot.send_chat_action(ADA, "upload_photo"))
    page.wait(lambda: "sending a photo" in page.one("chat-state").text)


def test_an_unread_chat_carries_a_badge_until_it_is_opened(
    page: ChatPage, backstage: Backstage
) -> None:
    backstage.run(backstage.bot.send_message(BORIS, "Готово"))
    row = f'[data-chat="{BORIS}"]'
    page.wait(lambda: page.one("chat-item", row).text.endswith("Готово\n1"))
    page.one("chat-item", row).click()
    page.wait(lambda: page.one("chat-item", row).text.endswith("Готово"))


def test_screen_readers_hear_of_new_messages_but_not_of_edits(
    page: ChatPage, backstage: Backstage
) -> None:
    news = page.all("announcer")[0]
    message = backstage.run(backstage.bot.send_message(ADA, "Queued"))
    page.wait(lambda: news.get_attribute("textContent") == "Easel: Queued")
    backstage.run(backstage.bot.edit_message_text("Started", ADA, message.message_id))
    page.wait(lambda: "Started" in page.message(message.message_id).text)
    assert news.get_attribute("textContent") == "Easel: Queued"
